package io.castore.benchmarks.gc;

import io.castore.content.digest.Digest;
import io.castore.gc.BlobDrops;
import io.castore.gc.CollectionListener;
import io.castore.gc.CollectionPlan;
import io.castore.gc.CollectionReport;
import io.castore.gc.GarbageCollection;
import io.castore.gc.GarbageCollection.StoreView;
import io.castore.gc.RetentionRules;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** Drops a tenth of what there is, collects, and begins again. */
final class Collector {
  private static final int READERS = 8;
  private static final long STOP_MINUTES = 10;

  private final Pipeline pipeline;
  private final Ledger ledger;
  private final SplittableRandom random = new SplittableRandom(7);
  private long runs;
  private long dropped;
  private long removedBlobs;
  private long removedChunks;
  private long removedBytes;
  private long notRemoved;
  private volatile boolean stopping;

  Collector(Pipeline pipeline, Ledger ledger) {
    this.pipeline = pipeline;
    this.ledger = ledger;
  }

  /** What it has done, over all runs. */
  record Result(
      long runs,
      long dropped,
      long removedBlobs,
      long removedChunks,
      long removedBytes,
      long notRemoved) {}

  Result result() {
    return new Result(runs, dropped, removedBlobs, removedChunks, removedBytes, notRemoved);
  }

  /** Does something, and collects beside it for as long as that takes. */
  <T> T beside(Work<T> work) throws Exception {
    stopping = false;
    ExecutorService thread = Executors.newSingleThreadExecutor();
    try {
      Future<?> collecting =
          thread.submit(
              () -> {
                while (!stopping) {
                  dropSome();
                  collect();
                }
                return null;
              });
      T result = work.run();
      stopping = true;
      try {
        collecting.get(STOP_MINUTES, TimeUnit.MINUTES);
      } catch (ExecutionException failed) {
        throw new IllegalStateException("the collection failed", failed.getCause());
      }
      return result;
    } finally {
      thread.shutdownNow();
    }
  }

  /** What is done beside collections. */
  @FunctionalInterface
  interface Work<T> {
    /** Does it. */
    T run() throws Exception;
  }

  private void dropSome() throws Exception {
    try (BlobDrops drops =
        new BlobDrops(
            pipeline.log().history(),
            pipeline.log().rules(),
            pipeline.store(),
            pipeline.scratch(),
            InstantSource.system())) {
      long begin = System.nanoTime();
      drops.read();
      List<Digest> going = new ArrayList<>();
      dropped +=
          drops.dropSources(
              Shelves.prefix(random.nextInt(Shelves.COUNT)), Duration.ZERO, false, going::add);
      long end = System.nanoTime();
      going.forEach(blob -> ledger.dropped(blob, begin, end));
    }
  }

  /** Collects once. */
  void collect() throws Exception {
    CollectionReport report =
        new GarbageCollection(
                pipeline.log().history(),
                pipeline.log().rules(),
                pipeline.log().orders(),
                new StoreView(pipeline.store(), pipeline.store(), READERS),
                pipeline.scratch(),
                InstantSource.system())
            .run(
                new CollectionPlan(
                    Duration.ZERO, RetentionRules.none(), false, pipeline.gcCpuPercent()),
                CollectionListener.SILENT);
    runs++;
    removedBlobs += report.blobs().freed();
    removedChunks += report.chunks().freed();
    removedBytes += report.blobs().freedBytes() + report.chunks().freedBytes();
    notRemoved += report.blobs().notRemoved() + report.chunks().notRemoved();
  }
}
