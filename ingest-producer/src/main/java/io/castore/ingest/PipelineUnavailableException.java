package io.castore.ingest;

import org.jspecify.annotations.Nullable;

/**
 * Kafka cannot be reached, or nothing behind it makes any progress. No fault of the sources: the
 * caller gives up, says so, and may try all of them again later.
 */
public final class PipelineUnavailableException extends Exception {
  private static final long serialVersionUID = 1L;

  /** Says what was waited for, and for how long. */
  public PipelineUnavailableException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  /** Says why Kafka cannot be used. */
  static PipelineUnavailableException of(RuntimeException failure) {
    return new PipelineUnavailableException(
        "Kafka cannot be used: " + failure.getMessage(), failure);
  }
}
