package io.castore.pipeline.config;

import org.jspecify.annotations.Nullable;

/** The configuration cannot be used. The message names the key, its value and what was expected. */
public final class InvalidConfigException extends Exception {
  private static final long serialVersionUID = 1L;

  /** Says which key or file is at fault, and what to do. */
  public InvalidConfigException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
