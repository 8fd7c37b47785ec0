package io.castore.content.reading;

import java.io.IOException;

/** Too many read at once: there was no room for this read in time. Trying again later can help. */
public final class ReadTimeoutException extends IOException {
  private static final long serialVersionUID = 1L;

  /** Says what was waited for, and how long. */
  public ReadTimeoutException(String message) {
    super(message);
  }
}
