package io.castore.content.objectstore;

import java.io.IOException;

/**
 * Writes whole objects. Nobody ever sees a part of one. When a call returns, the object is durable,
 * in the sense that {@code docs/stores.md} gives to the word for each store. A body that cannot be
 * read, or has another size than it tells, ends the call with an {@link IOException} of another
 * type than those named below, and leaves what was there before. Safe for use by many threads.
 */
public interface ObjectWriter {
  /**
   * Writes an object, in place of one that is there.
   *
   * @throws StoreUnavailableException if the store gave no answer, after all retries; the object
   *     may be there or not
   * @throws StoreRefusedException if asking again cannot help
   */
  void put(String key, ObjectBody body) throws IOException;

  /**
   * Writes an object unless there is one under the key. Of any number of callers at the same time,
   * one writes.
   *
   * @return whether this call wrote it. After a retry the answer can be {@code false} though this
   *     call's first attempt wrote it
   * @throws StoreUnavailableException if the store gave no answer, after all retries; the object
   *     may be there or not
   * @throws StoreRefusedException if asking again cannot help
   */
  boolean putIfAbsent(String key, ObjectBody body) throws IOException;
}
