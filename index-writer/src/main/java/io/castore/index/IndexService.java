package io.castore.index;

import io.castore.content.objectstore.ObjectStore;
import io.castore.pipeline.config.CastoreConfig;
import io.castore.pipeline.streams.StreamsRunner;
import io.castore.pipeline.streams.StreamsSettings;
import java.util.List;
import org.apache.kafka.clients.admin.Admin;

/** The role {@code indexer}: runs the publishing topology. */
public final class IndexService {
  private static final String APPLICATION = "indexer";

  private IndexService() {}

  /**
   * Starts the topology. The topics have to exist.
   *
   * @param store where blob objects go; belongs to the caller, who closes it after the runner
   * @param admin used during this call alone
   */
  public static StreamsRunner start(
      CastoreConfig config, ObjectStore store, String storeId, Admin admin)
      throws InterruptedException {
    return StreamsRunner.start(
        APPLICATION,
        IndexTopology.build(config.topics(), store, storeId, config.uploadExpiry()),
        StreamsSettings.of(config, APPLICATION, config.indexThreads()),
        List.of(config.topics().uploads().name(), config.topics().chunkReceipts().name()),
        admin);
  }
}
