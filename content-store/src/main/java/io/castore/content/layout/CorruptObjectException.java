package io.castore.content.layout;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * An object of the store does not hold what its key promises. Reading again cannot help: the caller
 * gives up this content and names the object, and a person repairs the store.
 */
public final class CorruptObjectException extends IOException {
  private static final long serialVersionUID = 1L;

  private final String key;
  private final String reason;

  /** Says which object and what is wrong with it. */
  public CorruptObjectException(String key, String reason) {
    this(key, reason, null);
  }

  /** Says which object and what is wrong with it, and keeps what found it out. */
  public CorruptObjectException(String key, String reason, @Nullable Throwable cause) {
    super("corrupt object " + key + ": " + reason, cause);
    this.key = key;
    this.reason = reason;
  }

  /** Gives the object's key, relative to the store's prefix. */
  public String key() {
    return key;
  }

  /** Tells what is wrong, without the key. */
  public String reason() {
    return reason;
  }
}
