package io.castore.chunker;

import io.castore.content.codec.ChunkCodec;
import io.castore.content.objectstore.ObjectWriter;
import io.castore.pipeline.config.CastoreConfig;
import io.castore.pipeline.streams.StreamsRunner;
import io.castore.pipeline.streams.StreamsSettings;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;

/** The role {@code chunker}: runs the storing topology. */
public final class ChunkerService {
  private static final String APPLICATION = "chunker";

  private ChunkerService() {}

  /**
   * Starts the topology. The topics have to exist.
   *
   * @param partitions how many partitions each topic has, by its name
   * @param store where chunks go; belongs to the caller, who closes it after the runner
   * @param admin used during this call alone
   */
  public static StreamsRunner start(
      CastoreConfig config,
      Map<String, Integer> partitions,
      ObjectWriter store,
      String storeId,
      Admin admin)
      throws InterruptedException {
    String chunks = config.topics().chunks().name();
    int chunkPartitions = partitions.getOrDefault(chunks, config.chunkPartitions());
    return StreamsRunner.start(
        APPLICATION,
        ChunkerTopology.build(
            config.topics(), chunkPartitions, store, storeId, new ChunkCodec(config.zstdLevel())),
        StreamsSettings.of(config, APPLICATION, config.chunkerThreads()),
        List.of(chunks),
        admin);
  }
}
