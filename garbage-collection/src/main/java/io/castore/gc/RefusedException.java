package io.castore.gc;

/** What was asked for would take a blob from somebody, or cannot be done. Nothing was changed. */
public final class RefusedException extends Exception {
  private static final long serialVersionUID = 1L;

  RefusedException(String message) {
    super(message);
  }
}
