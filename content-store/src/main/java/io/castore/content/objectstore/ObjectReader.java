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
   * Tells an object's length without reading it.
   *
   * @return empty where there is no object under the key
   * @throws StoreUnavailableException if the store gave no answer, after all retries
   * @throws StoreRefusedException if asking again cannot help
   */
  Optional<ObjectInfo> stat(String key) throws IOException;
}
