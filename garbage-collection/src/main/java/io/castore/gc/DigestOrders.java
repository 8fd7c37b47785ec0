package io.castore.gc;

import io.castore.content.digest.Digest;
import io.castore.pipeline.records.UploadId;
import io.castore.proto.pipeline.ChunkRecord.Collect;
import java.util.Map;
import java.util.function.LongConsumer;

/**
 * Orders to whoever owns a digest, which have one order with all else that happens to it.
 *
 * <p>Methods throw {@link org.apache.kafka.common.KafkaException} where Kafka cannot be used.
 */
public interface DigestOrders {
  /** Tells which partition a digest's records stand in. */
  int partitionOf(Digest digest);

  /**
   * Marks every partition.
   *
   * @return the marks' offsets, by partition
   */
  Map<Integer, Long> mark(UploadId run) throws InterruptedException;

  /** Has an object removed unless something referred to it or claimed it since the mark. */
  void collect(UploadId run, Collect.Kind kind, Digest digest, long markOffset);

  /** Keeps a blob's object from every collection whose mark stands before this order. */
  void claim(Digest blob);

  /**
   * Waits until all orders that were given are on record.
   *
   * @return by partition, the offset after the last of them
   */
  Map<Integer, Long> awaitRecorded();

  /**
   * Waits until everything before some offsets is done with, and its receipts are on record.
   *
   * @param ends by partition
   * @param onWait told now and then how many records are left
   * @throws org.apache.kafka.common.KafkaException if nothing moves for some minutes
   */
  void awaitCarriedOut(Map<Integer, Long> ends, LongConsumer onWait) throws InterruptedException;
}
