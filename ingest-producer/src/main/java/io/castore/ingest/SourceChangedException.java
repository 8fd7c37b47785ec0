package io.castore.ingest;

import java.io.IOException;

/** A source was written to while it was read. Reading it again may do better. */
public final class SourceChangedException extends IOException {
  private static final long serialVersionUID = 1L;

  /** Says what has changed. */
  public SourceChangedException(String message) {
    super(message);
  }
}
