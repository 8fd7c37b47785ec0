package io.castore.blobs;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The service, or what is behind it, cannot be reached or does not take this now, though it was
 * asked again with growing pauses where that does no harm. The caller may come back later.
 */
public final class ServiceUnavailableException extends IOException {
  private static final long serialVersionUID = 1L;

  /** Says which service and what came of it. */
  public ServiceUnavailableException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
