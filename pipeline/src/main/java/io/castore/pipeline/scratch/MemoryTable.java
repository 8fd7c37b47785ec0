package io.castore.pipeline.scratch;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The entries of a {@link ScratchStore} that has few. Safe for use by many threads. */
final class MemoryTable implements ScratchTable {
  /** What the JVM and the tree take for an entry beside its bytes. */
  private static final int BYTES_AN_ENTRY = 96;

  private final TreeMap<byte[], byte[]> entries = new TreeMap<>(Arrays::compareUnsigned);
  private long bytes;

  @Override
  public synchronized void put(byte[] key, byte[] value) {
    byte[] before = entries.put(key.clone(), value.clone());
    bytes +=
        before == null ? key.length + value.length + BYTES_AN_ENTRY : value.length - before.length;
  }

  @Override
  public synchronized void remove(byte[] key) {
    byte[] before = entries.remove(key);
    if (before != null) {
      bytes -= key.length + before.length + BYTES_AN_ENTRY;
    }
  }

  @Override
  public synchronized Optional<byte[]> get(byte[] key) {
    return Optional.ofNullable(entries.get(key)).map(byte[]::clone);
  }

  @Override
  public <E extends Exception> void visit(byte[] prefix, ScratchStore.Visitor<E> visitor) throws E {
    for (Map.Entry<byte[], byte[]> entry : list(prefix)) {
      visitor.visit(entry.getKey().clone(), entry.getValue().clone());
    }
  }

  private synchronized List<Map.Entry<byte[], byte[]>> list(byte[] prefix) {
    List<Map.Entry<byte[], byte[]>> found = new ArrayList<>();
    for (Map.Entry<byte[], byte[]> entry : entries.tailMap(prefix).entrySet()) {
      if (!ScratchTable.startsWith(entry.getKey(), prefix)) {
        break;
      }
      found.add(Map.entry(entry.getKey(), entry.getValue()));
    }
    return found;
  }

  /** Tells how much memory this takes, about. */
  synchronized long bytes() {
    return bytes;
  }

  @Override
  public void close() {
    // It is gone with its last user.
  }
}
