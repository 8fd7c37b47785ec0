package io.castore.query.uploads;

/** A request has a parameter that cannot be used; the message tells the client which and why. */
final class BadParameterException extends Exception {
  private static final long serialVersionUID = 1;

  BadParameterException(String message) {
    super(message);
  }
}
