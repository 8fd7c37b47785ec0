package io.castore.query.uploads;

import org.jspecify.annotations.Nullable;

/** The uploads cannot be read now: they are being taken in, or the service stops. Try again. */
public final class UploadsUnavailableException extends Exception {
  private static final long serialVersionUID = 1;

  UploadsUnavailableException(@Nullable Throwable cause) {
    super("the status of uploads is not at hand yet", cause);
  }
}
