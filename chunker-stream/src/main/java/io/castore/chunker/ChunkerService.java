package io.castore.chunker;

import io.castore.content.codec.ChunkCodec;
import io.castore.content.objectstore.ObjectWriter;
import io.castore.pipeline.config.CastoreConfig;
import io.castore.pipeline.outage.StoreBreaker;
import io.castore.pipeline.streams.ChunkerGroup;
import io.castore.pipeline.streams.Intake;
import io.castore.pipeline.streams.StreamsApplication;
import io.castore.pipeline.streams.StreamsRunner;
import io.castore.pipeline.streams.StreamsSettings;
import io.castore.pipeline.topics.Topics;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;

/** The role {@code chunker}: runs the storing topology. */
public final class ChunkerService {
  private static final String NAME = "chunker";

  private ChunkerService() {}

  /**
   * Starts the topology. The topics have to exist.
   *
   * @param partitions how many partitions each topic has, by its name
   * @param store where chunks go; belongs to the caller, who closes it after the runner
   * @param admin used during this call alone
   * @param breaker pauses the topology while the store is away
   */
  public static StreamsRunner start(
      CastoreConfig config,
      Map<String, Integer> partitions,
      ObjectWriter store,
      String storeId,
      Admin admin,
      StoreBreaker breaker)
      throws InterruptedException {
    Topics topics = config.topics();
    StreamsApplication application = ChunkerGroup.application(topics, storeId);
    int chunkPartitions = partitions.getOrDefault(topics.chunks().name(), config.chunkPartitions());
    return StreamsRunner.start(
        NAME,
        ChunkerTopology.build(topics, chunkPartitions, target(config, store, storeId)),
        StreamsSettings.of(
            config, application, config.chunkerThreads(), Intake.ofChunks(config, chunkPartitions)),
        application,
        admin,
        breaker);
  }

  private static StoreTarget target(CastoreConfig config, ObjectWriter store, String storeId) {
    return new StoreTarget(
        storeId,
        new ChunkCodec(config.zstdLevel()),
        new PutPool(store, config.chunkerWindowRecords(), config.chunkerWindowBytes()),
        config.chunkerDrainTimeout());
  }
}
