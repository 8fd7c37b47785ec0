package io.castore.content.objectstore;

import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/** Reads objects. Safe for use by many threads. */
public interface ObjectReader {
  /**
   * Opens an object, to be read from its first byte and closed by the caller. Reading may fail
   * later with any {@link IOException}.
   *
   * @return empty where there is no object under the key
   * @throws StoreUnavailableException if the store gave no answer, after all retries
   * @throws StoreRefusedException if asking again cannot help
   */
  Optional<InputStream> open(String key) throws IOException;

  /**
   * Reads an object's first bytes. Costs no more than they do, however long the object is, while a
   * stream of {@link #open} that is closed early may have to be read on, or cost a connection.
   *
   * @param length how many, at least 1; meant for a few
   * @return the first {@code length} bytes, or all of a shorter object, or empty where there is no
   *     object under the key
   * @throws StoreUnavailableException if the store gave no answer, after all retries
   * @throws StoreRefusedException if asking again cannot help
   * @throws IOException if reading fails
   */
  default Optional<byte[]> readStart(String key, int length) throws IOException {
    Optional<InputStream> object = open(key);
    if (object.isEmpty()) {
      return Optional.empty();
    }
    try (InputStream in = object.get()) {
      return Optional.of(in.readNBytes(length));
    }
  }

  /**
   * Tells an object's length and age without reading it.
   *
   * @return empty where there is no object under the key
   * @throws StoreUnavailableException if the store gave no answer, after all retries
   * @throws StoreRefusedException if asking again cannot help
   */
  Optional<ObjectInfo> stat(String key) throws IOException;
}
