package io.castore.pipeline.scratch;

import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;

/**
 * Where a {@link ScratchStore} keeps its entries, which says what these calls do. Safe for use by
 * many threads, but for {@link #close}, which must come after all else.
 */
interface ScratchTable extends AutoCloseable {
  void put(byte[] key, byte[] value) throws IOException;

  void remove(byte[] key) throws IOException;

  Optional<byte[]> get(byte[] key) throws IOException;

  <E extends Exception> void visit(byte[] prefix, ScratchStore.Visitor<E> visitor)
      throws E, IOException;

  @Override
  void close();

  /** Tells whether a key starts so. */
  static boolean startsWith(byte[] key, byte[] prefix) {
    return key.length >= prefix.length
        && Arrays.equals(key, 0, prefix.length, prefix, 0, prefix.length);
  }
}
