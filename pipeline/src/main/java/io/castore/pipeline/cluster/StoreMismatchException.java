package io.castore.pipeline.cluster;

/**
 * The state in Kafka belongs to another store. Nothing was changed; a person has to say what is
 * meant, and the message tells how.
 */
public final class StoreMismatchException extends Exception {
  private static final long serialVersionUID = 1L;

  /** Says which identities there are, and what to do. */
  public StoreMismatchException(String message) {
    super(message);
  }
}
