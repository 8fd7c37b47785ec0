package io.castore.content.objectstore;

import java.io.IOException;

/**
 * The service knows who asks and does not give this one object: the caller has no right to it, or
 * it is archived, or encrypted with a key that the caller has to bring. Others may be given, so the
 * caller goes on to them.
 */
public final class ObjectRefusedException extends IOException {
  private static final long serialVersionUID = 1L;

  /** Says what the service answered. */
  public ObjectRefusedException(String message) {
    super(message);
  }
}
