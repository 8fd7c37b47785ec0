package io.castore.content.objectstore;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The store answered, and its answer will stay the same until a person changes something: the
 * bucket is missing, the credentials are bad, the directory cannot be written. The caller gives up
 * and shows the message.
 */
public final class StoreRefusedException extends IOException {
  private static final long serialVersionUID = 1L;

  /** Says which store, what was refused and what to do. */
  public StoreRefusedException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
