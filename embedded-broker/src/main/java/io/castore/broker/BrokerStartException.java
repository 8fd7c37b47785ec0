package io.castore.broker;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The broker did not start. Nothing of it is left running, and its data are as they were. The
 * caller gives up and shows the message, which names the data directory and, where it is known,
 * what to do.
 */
public final class BrokerStartException extends IOException {
  private static final long serialVersionUID = 1L;

  /** Says which directory, what failed and what to do. */
  public BrokerStartException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
