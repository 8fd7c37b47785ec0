package io.castore.query.server;

import org.jspecify.annotations.Nullable;

/** The server cannot listen at its address. The message names it, and says what to do. */
public final class ServerStartException extends Exception {
  private static final long serialVersionUID = 1L;

  /** Says where, why and what to do. */
  public ServerStartException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
