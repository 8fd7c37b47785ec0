package io.castore.content.objectstore;

import java.io.IOException;

/**
 * A flat space of named, immutable-by-habit objects: a bucket, or a directory that stands for one.
 * Keys are relative to the store's prefix, made of ASCII letters, digits, {@code . - _ /}, and have
 * no empty, {@code .} or {@code ..} part; they are at most 900 characters long. A key that is not
 * so is refused with an {@link IllegalArgumentException}. Do not use a key that is another key's
 * directory, such as {@code a} beside {@code a/b}: not every store can hold both.
 *
 * <p>Safe for use by many threads.
 */
public interface ObjectStore
    extends ObjectReader, ObjectWriter, ObjectLister, ObjectRemover, AutoCloseable {
  /** Names the store as a person did, without secrets. */
  String url();

  /**
   * Finds out whether the store is there and takes this configuration, so that what is wrong is
   * said at the start and not at the first chunk. Writes and removes nothing, so that it needs no
   * right to.
   *
   * @throws StoreUnavailableException if the store gave no answer, after all retries
   * @throws StoreRefusedException if the store is there, but the bucket is missing or the
   *     credentials are bad
   */
  void probe() throws IOException;

  /** Gives up connections. Objects stay as they are. */
  @Override
  void close();
}
