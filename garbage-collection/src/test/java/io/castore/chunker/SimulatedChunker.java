package io.castore.chunker;

import io.castore.content.codec.ChunkCodec;
import io.castore.content.digest.Digest;
import io.castore.content.objectstore.ObjectStore;
import io.castore.gc.simulation.LoggedStore;
import io.castore.gc.simulation.SimulatedTask;
import io.castore.gc.simulation.SimulatedTopic;
import io.castore.pipeline.telemetry.Tracing;
import io.castore.pipeline.topics.Topics;
import io.castore.proto.state.ClaimedBlob;
import io.castore.proto.state.StoredChunk;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/** The real processor of the storing topology in a simulated task. */
public final class SimulatedChunker {
  private static final Duration MINUTE = Duration.ofMinutes(1);

  private SimulatedChunker() {}

  public static SimulatedTask start(
      ObjectStore store,
      String storeId,
      SimulatedTopic chunks,
      SimulatedTopic receipts,
      Path stateDir,
      LongSupplier clock,
      RandomGenerator random) {
    Topics topics = new Topics("");
    StoreTarget target =
        new StoreTarget(
            storeId,
            new ChunkCodec(1),
            new PutPool(store, 1, 1 << 20),
            MINUTE,
            MINUTE,
            new ChunkerMeters(new SimpleMeterRegistry(), "dead-letters"),
            Tracing.OFF);
    return new SimulatedTask(
            () -> new VerifyAndStore(chunks.name(), target, new KeyPartition(1)),
            List.of(
                new LoggedStore<Digest, StoredChunk>(ChunkerTopology.STORED_CHUNKS),
                new LoggedStore<Digest, ClaimedBlob>(ChunkerTopology.CLAIMED_BLOBS)),
            List.of(chunks),
            stateDir,
            clock,
            random)
        .sink(
            ChunkerTopology.SEND_RECEIPTS,
            receipts,
            topics.chunkReceipts().keys().serializer(),
            topics.chunkReceipts().values().serializer())
        .start();
  }
}
