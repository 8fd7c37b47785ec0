package io.castore.index;

import io.castore.content.objectstore.ObjectStore;
import io.castore.pipeline.config.CastoreConfig;
import io.castore.pipeline.outage.StoreBreaker;
import io.castore.pipeline.streams.IndexerGroup;
import io.castore.pipeline.streams.StreamsApplication;
import io.castore.pipeline.streams.StreamsRunner;
import io.castore.pipeline.streams.StreamsSettings;
import io.castore.pipeline.telemetry.Telemetry;
import io.castore.pipeline.topics.Topics;
import org.apache.kafka.clients.admin.Admin;

/** The role {@code indexer}: runs the publishing topology. */
public final class IndexService {
  private static final String NAME = "indexer";

  private IndexService() {}

  /** How Kafka knows the topology that works for a store. */
  public static StreamsApplication application(Topics topics, String storeId) {
    return IndexerGroup.application(topics, storeId);
  }

  /** Starts the topology for a process that nobody asks how it is. */
  public static StreamsRunner start(
      CastoreConfig config, ObjectStore store, String storeId, Admin admin, StoreBreaker breaker)
      throws InterruptedException {
    return start(config, store, storeId, admin, breaker, Telemetry.none());
  }

  /**
   * Starts the topology. The topics have to exist.
   *
   * @param store where blob objects go; belongs to the caller, who closes it after the runner
   * @param admin used during this call alone
   * @param breaker pauses the topology while the store is away
   * @param telemetry is told what the service does
   */
  public static StreamsRunner start(
      CastoreConfig config,
      ObjectStore store,
      String storeId,
      Admin admin,
      StoreBreaker breaker,
      Telemetry telemetry)
      throws InterruptedException {
    StreamsApplication application = application(config.topics(), storeId);
    StoreWorkers workers = StoreWorkers.onThreads();
    IndexPorts ports =
        new IndexPorts(
            new BlobPublisher(store, config.leavesOutSingleChunkBlobs()),
            storeId,
            config.uploadExpiry(),
            workers,
            new ChunkerOffsets(config, storeId, workers, System::nanoTime),
            new KafkaChunkReplay(config),
            new UploadMeters(telemetry.meters(), config.topics().eventsDlq().name()),
            telemetry.tracing());
    return StreamsRunner.start(
        NAME,
        IndexTopology.build(config.topics(), ports),
        StreamsSettings.of(config, application, config.indexThreads()),
        application,
        admin,
        breaker);
  }
}
