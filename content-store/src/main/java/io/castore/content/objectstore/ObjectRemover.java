package io.castore.content.objectstore;

import java.io.IOException;

/**
 * Removes objects. Nothing but garbage collection does, so only that needs the right to. Safe for
 * use by many threads.
 */
public interface ObjectRemover {
  /**
   * Removes an object, if there is one. When the call returns, the object is gone for good, in the
   * sense that {@code docs/stores.md} gives to "durable" for each store.
   *
   * @throws StoreUnavailableException if the store gave no answer, after all retries; the object
   *     may be there or not, and may still go: a request that was given up can be carried out late
   * @throws StoreRefusedException if asking again cannot help, such as where the right to delete is
   *     missing
   */
  void delete(String key) throws IOException;
}
