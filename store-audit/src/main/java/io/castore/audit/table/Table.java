package io.castore.audit.table;

import io.castore.pipeline.scratch.ScratchStore;
import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;

/**
 * One of several tables that share a scratch store: the first byte of a key tells which.
 *
 * <p>Safe for use by many threads.
 */
public final class Table {
  private final ScratchStore store;
  private final byte[] name;

  /**
   * Names a table.
   *
   * @param store belongs to the caller
   * @param name another one than those of the other tables in the store
   */
  public Table(ScratchStore store, char name) {
    this.store = store;
    this.name = new byte[] {(byte) name};
  }

  /** Writes an entry, in place of one that is there. */
  public void put(byte[] key, byte[] value) throws IOException {
    store.put(Bytes.join(name, key), value);
  }

  /** Removes an entry, if it is there. */
  public void remove(byte[] key) throws IOException {
    store.remove(Bytes.join(name, key));
  }

  /** Gives the value of a key. */
  public Optional<byte[]> get(byte[] key) throws IOException {
    return store.get(Bytes.join(name, key));
  }

  /** Whether there is an entry. */
  public boolean contains(byte[] key) throws IOException {
    return store.contains(Bytes.join(name, key));
  }

  /** Visits all entries whose keys start so, in the order of their keys as unsigned bytes. */
  public <E extends Exception> void visit(byte[] prefix, ScratchStore.Visitor<E> visitor)
      throws E, IOException {
    store.visit(
        Bytes.join(name, prefix),
        (key, value) -> visitor.visit(Arrays.copyOfRange(key, 1, key.length), value));
  }

  /** Visits all entries. */
  public <E extends Exception> void visitAll(ScratchStore.Visitor<E> visitor)
      throws E, IOException {
    visit(new byte[0], visitor);
  }
}
