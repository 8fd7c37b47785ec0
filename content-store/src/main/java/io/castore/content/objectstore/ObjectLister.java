package io.castore.content.objectstore;

import java.io.IOException;

/** Lists objects. Safe for use by many threads. */
public interface ObjectLister {
  /** Takes one object of a listing. */
  @FunctionalInterface
  interface Visitor {
    /** Takes the next object; an exception ends the listing and reaches its caller. */
    void visit(ObjectInfo object) throws IOException;
  }

  /**
   * Visits every object whose key starts with a prefix, once each, in an order that the store
   * chooses, without holding the listing in memory. Objects that come or go meanwhile are visited
   * or not. What lies in the store and has no legal key, such as another program's temporary file,
   * is left out.
   *
   * @param keyPrefix may be empty, and may end within a part of a key
   * @throws StoreUnavailableException if the store gave no answer, after all retries
   * @throws StoreRefusedException if asking again cannot help
   */
  void list(String keyPrefix, Visitor visitor) throws IOException;
}
