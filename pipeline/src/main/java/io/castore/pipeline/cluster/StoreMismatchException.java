package io.castore.pipeline.cluster;

import io.castore.pipeline.topics.Topics;

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

  /**
   * Says that a store has no identity, though the state belongs to one.
   *
   * @param owner identity of the store that the state belongs to
   * @param storeUrl how a person names the store
   */
  public static StoreMismatchException withoutIdentity(
      Topics topics, String owner, String storeUrl) {
    return new StoreMismatchException(
        "the deduplication state under topics.prefix=%s belongs to the store with identity %s, and %s has none: "
                .formatted(topics.prefix(), owner, storeUrl)
            + "that store was emptied, or another one is meant. "
            + "Fill it again with castore audit rebuild, name the right store with --store, "
            + "choose another --data-dir (or topics.prefix) for this one, "
            + "or give the state up with --reset-state");
  }
}
