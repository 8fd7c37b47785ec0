package io.castore.pipeline.outage;

import io.castore.pipeline.cluster.StoreMismatchException;
import java.io.IOException;

/** Looks whether a store can be worked with. */
@FunctionalInterface
public interface StoreProbe {
  /**
   * Looks once, with the store's own retries.
   *
   * @throws StoreMismatchException if what answers is not the store that was there before
   * @throws IOException if it cannot be worked with now; it may be later
   */
  void check() throws IOException, StoreMismatchException;
}
