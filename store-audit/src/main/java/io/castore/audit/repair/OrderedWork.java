package io.castore.audit.repair;

import io.castore.audit.AuditProgress;
import io.castore.pipeline.log.GroupOffsets;
import io.castore.pipeline.orders.ChunkOrders;
import java.io.InterruptedIOException;
import java.time.Duration;

/**
 * The chunker, as orders reach it. Used by one thread at a time.
 *
 * @param orders belongs to the caller
 * @param group how far the chunker has come in the topic of chunks
 * @param patience how long to wait for it without any progress
 */
public record OrderedWork(ChunkOrders orders, GroupOffsets group, Duration patience) {
  /**
   * Returns when the orders that were given are carried out.
   *
   * @throws org.apache.kafka.common.KafkaException if Kafka cannot be reached, or the chunker makes
   *     no progress
   */
  void settle(AuditProgress progress) throws InterruptedIOException {
    progress.begin("waiting for the chunker");
    try {
      group.awaitCommitted(orders.flush(), patience, left -> {});
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("the repair was interrupted");
    }
  }
}
