package io.castore.cli.bench;

import io.castore.content.objectstore.ObjectInfo;
import io.castore.content.objectstore.ObjectStore;
import io.castore.content.objectstore.ObjectStores;
import io.castore.content.objectstore.StoreUrl;
import io.castore.pipeline.config.CastoreConfig;
import io.castore.pipeline.config.InvalidConfigException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;

/**
 * An empty store for one part of a round: the data directory's own, or a new place in the store
 * that was named.
 *
 * @param url as commands are told; empty for the data directory's own
 * @param store closed with this
 * @param isFiles whether each object is a file
 */
record BenchStore(String url, ObjectStore store, boolean isFiles) implements AutoCloseable {
  /**
   * Makes sure that the named store, if there is one, can be measured with.
   *
   * @throws InvalidConfigException if it cannot
   * @throws IOException if it does not answer
   */
  static void check(CastoreConfig config) throws IOException, InvalidConfigException {
    if (!config.namesStore()) {
      return;
    }
    if (config.storeUrl() instanceof StoreUrl.Memory) {
      throw new InvalidConfigException(
          "store: memory: (expected: one that several processes can share)", null);
    }
    try (ObjectStore store = ObjectStores.open(config.storeUrl(), config.s3())) {
      store.probe();
      long objects = StoreSize.of(store).objects();
      if (objects > 0) {
        throw new InvalidConfigException(
            "store: %s has %d objects (expected: an empty one, since it is filled and emptied)"
                .formatted(store.url(), objects),
            null);
      }
    }
  }

  /**
   * Opens the store of a part.
   *
   * @param part names its place in a store that was named
   */
  static BenchStore open(CastoreConfig config, Path dataDir, String part) {
    if (!config.namesStore()) {
      StoreUrl own = new StoreUrl.Directory(dataDir.resolve("store"));
      return new BenchStore("", ObjectStores.open(own, config.s3()), true);
    }
    StoreUrl place = StoreUrl.parse(config.storeUrl() + "/" + part);
    return new BenchStore(
        place.toString(),
        ObjectStores.open(place, config.s3()),
        place instanceof StoreUrl.Directory);
  }

  StoreSize size() throws IOException {
    return StoreSize.of(store);
  }

  Set<String> keys() throws IOException {
    Set<String> keys = new HashSet<>();
    store.list("", (ObjectInfo object) -> keys.add(object.key()));
    return keys;
  }

  void delete(Set<String> keys) throws IOException {
    for (String key : keys) {
      store.delete(key);
    }
  }

  /** Empties a place in a store that was named; a data directory's own goes with that. */
  void empty() throws IOException {
    if (url.isEmpty()) {
      return;
    }
    delete(keys());
  }

  @Override
  public void close() {
    store.close();
  }
}
