package io.castore.cli.system;

import io.castore.content.objectstore.ObjectStore;
import io.castore.content.objectstore.ObjectStores;
import io.castore.pipeline.config.CastoreConfig;
import io.castore.pipeline.config.InvalidConfigException;
import java.util.Map;
import java.util.Optional;

/**
 * Opens the store for commands that read it alone, which need neither Kafka nor the data
 * directory's lock.
 */
public final class ReadStore {
  private ReadStore() {}

  /**
   * Opens the named store, or else that of the process that serves the data directory, or else the
   * directory's own.
   */
  public static ObjectStore open(CastoreConfig config) throws InvalidConfigException {
    Optional<Holder> serving =
        config.namesStore()
            ? Optional.empty()
            : Holder.read(config.dataDir()).filter(Holder::isAlive).filter(Holder::shares);
    CastoreConfig located =
        serving.isPresent() ? config.with(Map.of("store.url", serving.get().store())) : config;
    return ObjectStores.open(located.storeUrl(), located.s3());
  }
}
