package io.castore.gc;

import io.castore.content.objectstore.ObjectLister;
import io.castore.content.objectstore.ObjectReader;
import io.castore.pipeline.scratch.ScratchStore;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;

/**
 * Collects what nothing needs, while uploads go on. What is needed is found in the store itself and
 * in the log; what is not needed is handed to the owner of its digest, who removes it unless
 * something referred to it meanwhile. So whatever this finds out may be outdated by the time it is
 * acted on.
 *
 * <p>Any number of runs may be at work at the same time: each order counts by its own run's mark,
 * whatever other runs have removed.
 *
 * <p>Safe for use by many threads.
 */
public final class GarbageCollection {
  private final UploadHistory history;
  private final RootRules rules;
  private final DigestOrders orders;
  private final StoreView store;
  private final Path scratch;
  private final InstantSource clock;

  /**
   * Makes one for a store.
   *
   * @param scratch a directory for what has no place in memory; made where it is missing
   * @param clock is compared with the store's
   */
  public GarbageCollection(
      UploadHistory history,
      RootRules rules,
      DigestOrders orders,
      StoreView store,
      Path scratch,
      InstantSource clock) {
    this.history = history;
    this.rules = rules;
    this.orders = orders;
    this.store = store;
    this.scratch = scratch;
    this.clock = clock;
  }

  /**
   * The store, as far as a collection looks at it. It removes nothing itself.
   *
   * @param readers how many blob objects are read at a time
   */
  public record StoreView(ObjectReader reader, ObjectLister lister, int readers) {}

  /**
   * Collects once.
   *
   * @throws DamagedListsException if blobs do not tell which chunks they need: no chunk was
   *     collected
   * @throws IOException if the store or the scratch directory cannot be used
   * @throws org.apache.kafka.common.KafkaException if Kafka cannot be used, or the chunker does not
   *     carry orders out; what was not done then is done by the next run
   */
  public CollectionReport run(CollectionPlan plan, CollectionListener listener)
      throws IOException, DamagedListsException, InterruptedException {
    Pace pace = Pace.of(plan.cpuPercent(), history::receiptEnds);
    PacedStore paced = new PacedStore(store.reader(), store.lister(), pace);
    try (ScratchStore tables = ScratchStore.open(scratch)) {
      return new CollectionRun(
              new PacedHistory(history, pace),
              rules,
              orders,
              new StoreView(paced, paced, store.readers()),
              tables,
              clock.instant(),
              plan,
              listener)
          .run();
    }
  }
}
