package io.castore.blobs;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * A service, or something on the way to it, gave what cannot be what was asked for: bytes of
 * another digest, or a list that no blob can have. Nothing of it was given to the caller.
 */
public final class UntrueAnswerException extends IOException {
  private static final long serialVersionUID = 1L;

  /** Says what is wrong with the answer. */
  public UntrueAnswerException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
