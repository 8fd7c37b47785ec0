package io.castore.pipeline.outage;

import io.castore.content.layout.StoreIdentity;
import io.castore.content.objectstore.ObjectStore;
import io.castore.pipeline.cluster.StoreMismatchException;
import java.io.IOException;
import java.util.Optional;

/**
 * Reads the store's identity. A store that was emptied, replaced or not mounted has another one, or
 * none, and what the state says of its chunks is not true any more.
 *
 * <p>Immutable, and so safe for use by many threads.
 */
public final class IdentityProbe implements StoreProbe {
  private final ObjectStore store;
  private final String storeId;

  /**
   * Expects an identity.
   *
   * @param store belongs to the caller
   */
  public IdentityProbe(ObjectStore store, String storeId) {
    this.store = store;
    this.storeId = storeId;
  }

  @Override
  public void check() throws IOException, StoreMismatchException {
    Optional<String> found = StoreIdentity.find(store).map(StoreIdentity::id);
    if (!found.equals(Optional.of(storeId))) {
      throw new StoreMismatchException(
          "the store %s has the identity %s now (expected: %s): it was emptied, replaced or unmounted while it was worked with. "
                  .formatted(store.url(), found.orElse("none"), storeId)
              + "Bring the right store back, or start again with --reset-state to work with this one");
    }
  }
}
