package io.castore.cli.system;

import io.castore.content.layout.StoreIdentity;
import io.castore.content.objectstore.CountedStore;
import io.castore.content.objectstore.ObjectStores;
import io.castore.pipeline.cluster.StoreMismatchException;
import io.castore.pipeline.config.CastoreConfig;
import java.io.IOException;
import java.time.InstantSource;
import java.util.Optional;

/**
 * A store that can be written to, and its identity.
 *
 * @param store closed with this
 * @param id the store's identity
 */
record StoreHandle(CountedStore store, String id) implements AutoCloseable {
  /**
   * Opens the configured store, makes sure that it can be used, and gives it an identity where it
   * has none.
   *
   * @param owner identity of the store that the state in Kafka belongs to, where that is to be gone
   *     on with: a store without any was emptied, and gets none then
   * @throws StoreMismatchException if the state belongs to a store, and this one has no identity
   * @throws IOException if it cannot be used; the message names it and what to do
   */
  static StoreHandle open(CastoreConfig config, Optional<String> owner)
      throws IOException, StoreMismatchException {
    CountedStore store = new CountedStore(ObjectStores.open(config.storeUrl(), config.s3()));
    try {
      store.probe();
      if (owner.isPresent() && StoreIdentity.find(store).isEmpty()) {
        throw StoreMismatchException.withoutIdentity(config.topics(), owner.get(), store.url());
      }
      return new StoreHandle(store, StoreIdentity.obtain(store, InstantSource.system()).id());
    } catch (IOException | StoreMismatchException | RuntimeException unusable) {
      store.close();
      throw unusable;
    }
  }

  @Override
  public void close() {
    store.close();
  }
}
