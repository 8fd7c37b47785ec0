package io.castore.cli.listing;

/**
 * A line is not what its list should hold. The caller shows the message with the line's number, and
 * goes on with the next line.
 */
public final class MalformedLineException extends Exception {
  private static final long serialVersionUID = 1L;

  MalformedLineException(String reason) {
    super(reason);
  }
}
