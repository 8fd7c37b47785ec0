package io.castore.ingest;

import io.castore.content.digest.Digest;

/** How a {@link PushedUpload} ended. But for {@link Stored}, nothing was published. */
public sealed interface PushOutcome {
  /**
   * The blob is readable.
   *
   * @param blob what it is, and what of it was new
   */
  record Stored(IngestOutcome.Complete blob) implements PushOutcome {}

  /**
   * The content is not the one that was promised.
   *
   * @param actual the digest of what came
   */
  record WrongDigest(Digest actual) implements PushOutcome {}

  /**
   * The content was longer than is taken.
   *
   * @param maxBytes length of the longest that is taken
   */
  record TooLong(long maxBytes) implements PushOutcome {}

  /**
   * Whoever pushed it gave it up, or pushed nothing for too long.
   *
   * @param reason for a person
   */
  record Aborted(String reason) implements PushOutcome {}

  /**
   * The pipeline did not take it. Trying again may not help.
   *
   * @param reason for a person
   */
  record Failed(String reason) implements PushOutcome {}

  /**
   * Kafka or the services behind it cannot be used, or are stopping. Trying again later can help.
   *
   * @param reason for a person
   */
  record Unavailable(String reason) implements PushOutcome {}
}
