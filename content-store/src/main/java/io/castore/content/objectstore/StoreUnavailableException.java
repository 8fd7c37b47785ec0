package io.castore.content.objectstore;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The store gave no usable answer, though it was asked again with growing pauses. It may answer
 * later: the caller keeps what it has and comes back.
 */
public final class StoreUnavailableException extends IOException {
  private static final long serialVersionUID = 1L;

  /** Says which store, what was asked and what came of it. */
  public StoreUnavailableException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
