package io.castore.query.http;

/**
 * Why something could not be read, as a client is told of it.
 *
 * @param kind what the client can do about it
 * @param detail for a person, without anything that is not the caller's business
 */
public record ReadFailure(Kind kind, String detail) {
  /** What a client can do. */
  public enum Kind {
    /** Nothing: what is in the store is damaged. */
    DAMAGED,
    /** Nothing: the chunk list is longer than this service holds. */
    TOO_MANY_CHUNKS,
    /** Try again soon: too many read at once. */
    BUSY,
    /** Try again later: the store cannot be read. */
    UNAVAILABLE,
    /** Nothing: the service failed, and its log tells why. */
    UNEXPECTED
  }
}
