package io.castore.index;

/**
 * A record is at fault and can never be taken. It goes to the dead letter queue, and the topology
 * goes on.
 */
final class UnusableRecordException extends Exception {
  private static final long serialVersionUID = 1L;

  /** Says what is wrong with the record. */
  UnusableRecordException(String message) {
    super(message);
  }

  /** Says what is wrong with the record, and keeps what found it out. */
  UnusableRecordException(String message, Throwable cause) {
    super(message, cause);
  }
}
