package io.castore.pipeline.topics;

/**
 * How large messages and buffers may become: everything follows from the largest chunk. A zstd
 * frame of bytes that do not compress is a little longer than they are, and a record adds some
 * hundred bytes of its own; the slack here is many times both.
 *
 * @param largestChunkBytes length of the largest chunk, raw
 */
public record MessageLimits(int largestChunkBytes) {
  private static final int SLACK_BYTES = 1 << 20;
  private static final int SMALLEST_BATCH_BYTES = 16 << 10;

  /** Topic setting {@code max.message.bytes}: 2 MiB for chunks of at most 512 KiB. */
  public int topicMaxMessageBytes() {
    return 2 * largestChunkBytes + SLACK_BYTES;
  }

  /**
   * Topic setting {@code max.message.bytes} of the dead letter queue: a record comes there with
   * headers that it did not have before, however large it was.
   */
  public int deadLetterMaxMessageBytes() {
    return topicMaxMessageBytes() + SLACK_BYTES;
  }

  /** Producer setting {@code max.request.size}. */
  public int producerMaxRequestBytes() {
    return 2 * topicMaxMessageBytes();
  }

  /**
   * Producer setting {@code batch.size}. A record that is larger gets a buffer from outside the
   * pool each time, so the largest record has to fit; of small ones many shall share a request.
   */
  public int producerBatchBytes() {
    return Math.max(SMALLEST_BATCH_BYTES, largestChunkBytes + largestChunkBytes / 4);
  }

  /** Consumer setting {@code fetch.max.bytes}. */
  public int consumerFetchBytes() {
    return 4 * topicMaxMessageBytes();
  }
}
