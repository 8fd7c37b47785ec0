package io.castore.audit.verify;

/** What is known of a blob's object. What is wrong with its chunks is said of these. */
public sealed interface BlobCondition {
  /** The object is as it should be. */
  record Whole() implements BlobCondition {}

  /** There is no object. */
  record Missing() implements BlobCondition {}

  /**
   * The object does not list the blob's chunks.
   *
   * @param reason for people
   */
  record Damaged(String reason) implements BlobCondition {}
}
