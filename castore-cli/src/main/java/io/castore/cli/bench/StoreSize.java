package io.castore.cli.bench;

import io.castore.content.objectstore.ObjectLister;
import java.io.IOException;

/**
 * What a store holds.
 *
 * @param objects how many
 * @param bytes their length
 */
record StoreSize(long objects, long bytes) {
  /** Lists the store. */
  static StoreSize of(ObjectLister store) throws IOException {
    long[] sums = {0, 0};
    store.list(
        "",
        object -> {
          sums[0]++;
          sums[1] += object.size();
        });
    return new StoreSize(sums[0], sums[1]);
  }
}
