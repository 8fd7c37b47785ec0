package io.castore.cli.system;

import io.castore.content.layout.StoreIdentity;
import io.castore.content.objectstore.ObjectStore;
import io.castore.content.objectstore.ObjectStores;
import io.castore.pipeline.config.CastoreConfig;
import java.io.IOException;
import java.time.InstantSource;

/**
 * A store that can be written to, and its identity.
 *
 * @param store closed with this
 * @param id the store's identity
 */
record StoreHandle(ObjectStore store, String id) implements AutoCloseable {
  /**
   * Opens the configured store, makes sure that it can be used, and gives it an identity where it
   * has none.
   *
   * @throws IOException if it cannot be used; the message names it and what to do
   */
  static StoreHandle open(CastoreConfig config) throws IOException {
    ObjectStore store = ObjectStores.open(config.storeUrl(), config.s3());
    try {
      store.probe();
      return new StoreHandle(store, StoreIdentity.obtain(store, InstantSource.system()).id());
    } catch (IOException | RuntimeException unusable) {
      store.close();
      throw unusable;
    }
  }

  @Override
  public void close() {
    store.close();
  }
}
