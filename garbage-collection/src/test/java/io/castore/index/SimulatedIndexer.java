package io.castore.index;

import io.castore.content.objectstore.ObjectStore;
import io.castore.gc.simulation.LoggedStore;
import io.castore.gc.simulation.SimulatedTask;
import io.castore.gc.simulation.SimulatedTopic;
import io.castore.pipeline.records.UploadId;
import io.castore.pipeline.telemetry.Tracing;
import io.castore.pipeline.topics.Topics;
import io.castore.proto.state.UploadHeader;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.apache.kafka.common.utils.Bytes;

/** The real processor of the publishing topology in a simulated task. */
public final class SimulatedIndexer {
  private final Queue<Runnable> calls = new ArrayDeque<>();
  private final SimulatedTask task;
  private Runnable beforeCommit = () -> {};

  public SimulatedIndexer(
      ObjectStore store,
      boolean leavesOutSingles,
      String storeId,
      SimulatedTopic uploads,
      SimulatedTopic receipts,
      SimulatedTopic statuses,
      SimulatedTopic chunks,
      SimulatedTopic requests,
      Path stateDir,
      LongSupplier clock,
      RandomGenerator random) {
    Topics topics = new Topics("");
    IndexPorts ports =
        new IndexPorts(
            new BlobPublisher(store, leavesOutSingles),
            storeId,
            Duration.ofDays(3650),
            new StoreWorkers(calls::add),
            Optional::empty,
            (id, ranges) -> {
              throw new UnsupportedOperationException();
            },
            new UploadMeters(new SimpleMeterRegistry(), "dead-letters"),
            Tracing.OFF);
    task =
        new SimulatedTask(
                () -> new GatherUploads(topics, ports, (context, action) -> beforeCommit = action),
                List.of(
                    new LoggedStore<UploadId, UploadHeader>(IndexTopology.UPLOADS),
                    new LoggedStore<Bytes, byte[]>(IndexTopology.UPLOAD_CHUNKS),
                    new LoggedStore<Bytes, byte[]>(IndexTopology.DEADLINES)),
                List.of(uploads, receipts),
                stateDir,
                clock,
                random)
            .sink(
                IndexTopology.SEND_STATUS,
                statuses,
                topics.uploadStatus().keys().serializer(),
                topics.uploadStatus().values().serializer())
            .sink(
                IndexTopology.SEND_TO_CHUNKER,
                chunks,
                topics.chunks().keys().serializer(),
                topics.chunks().values().serializer())
            .sink(
                IndexTopology.SEND_REQUESTS,
                requests,
                topics.chunkRequests().keys().serializer(),
                topics.chunkRequests().values().serializer())
            .beforeCommit(() -> beforeCommit.run())
            .start();
  }

  public SimulatedTask task() {
    return task;
  }

  /** Makes one call to the store, if one is wanted. */
  public boolean call() {
    Runnable next = calls.poll();
    if (next != null) {
      next.run();
    }
    return next != null;
  }

  /** Dies, with the calls that were under way. */
  public void crash() {
    calls.clear();
    task.crash();
  }
}
