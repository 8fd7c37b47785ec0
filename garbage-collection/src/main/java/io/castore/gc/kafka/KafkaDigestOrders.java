package io.castore.gc.kafka;

import io.castore.content.digest.Digest;
import io.castore.gc.DigestOrders;
import io.castore.pipeline.config.CastoreConfig;
import io.castore.pipeline.log.GroupOffsets;
import io.castore.pipeline.orders.ChunkOrders;
import io.castore.pipeline.records.UploadId;
import io.castore.pipeline.streams.ChunkerGroup;
import io.castore.proto.pipeline.ChunkRecord.Collect;
import java.time.Duration;
import java.util.Map;
import java.util.function.LongConsumer;
import org.apache.kafka.clients.admin.Admin;

/** Orders in the topic of chunks, which the chunker carries out. */
final class KafkaDigestOrders implements DigestOrders, AutoCloseable {
  /** Longer than a restart of the chunker, or a rebalance, takes. */
  private static final Duration STALL_TIMEOUT = Duration.ofMinutes(5);

  private final ChunkOrders orders;
  private final GroupOffsets chunker;

  KafkaDigestOrders(CastoreConfig config, String storeId, Admin admin) {
    chunker =
        new GroupOffsets(
            admin,
            ChunkerGroup.application(config.topics(), storeId).id(),
            config.topics().chunks().name());
    orders = ChunkOrders.open(config, storeId);
  }

  @Override
  public int partitionOf(Digest digest) {
    return orders.partitionOf(digest);
  }

  @Override
  public Map<Integer, Long> mark(UploadId run) throws InterruptedException {
    return orders.mark(run);
  }

  @Override
  public void collect(UploadId run, Collect.Kind kind, Digest digest, long markOffset) {
    orders.collect(run, kind, digest, markOffset);
  }

  @Override
  public void claim(Digest blob) {
    orders.claim(blob);
  }

  @Override
  public Map<Integer, Long> awaitRecorded() {
    return orders.flush();
  }

  @Override
  public void awaitCarriedOut(Map<Integer, Long> ends, LongConsumer onWait)
      throws InterruptedException {
    chunker.awaitCommitted(ends, STALL_TIMEOUT, onWait);
  }

  @Override
  public void close() {
    orders.close();
  }
}
