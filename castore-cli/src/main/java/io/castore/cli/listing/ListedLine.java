package io.castore.cli.listing;

/**
 * What a line of a list came to.
 *
 * @param <T> what a good line says
 */
public sealed interface ListedLine<T> {
  /** Tells the line's number, from 1. */
  long number();

  /** A line that could be read. */
  record Good<T>(long number, T value) implements ListedLine<T> {}

  /** A line that could not be read. The lines after it can. */
  record Bad<T>(long number, String reason) implements ListedLine<T> {
    /** Gives a message for people. */
    public String message() {
      return "line " + number + ": " + reason;
    }
  }
}
