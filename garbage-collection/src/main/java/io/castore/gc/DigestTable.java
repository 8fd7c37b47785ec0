package io.castore.gc;

import io.castore.content.digest.Digest;
import io.castore.pipeline.scratch.ScratchStore;
import java.io.IOException;
import java.util.Optional;

/**
 * A table on disk whose keys are digests. Safe for use by many threads.
 *
 * @param scratch where it is kept, beside others
 */
record DigestTable(ScratchStore scratch, ScratchKeys name) {
  private static final byte[] NOTHING = {};

  /** Takes entries. */
  @FunctionalInterface
  interface Visitor {
    /** Takes the next entry. */
    void visit(Digest digest, byte[] value) throws IOException;
  }

  void add(Digest digest) throws IOException {
    scratch.put(name.of(digest), NOTHING);
  }

  void put(Digest digest, byte[] value) throws IOException {
    scratch.put(name.of(digest), value);
  }

  Optional<byte[]> get(Digest digest) throws IOException {
    return scratch.get(name.of(digest));
  }

  boolean contains(Digest digest) throws IOException {
    return scratch.contains(name.of(digest));
  }

  void remove(Digest digest) throws IOException {
    scratch.remove(name.of(digest));
  }

  /** Visits all entries, as they were when the visit began. */
  void visit(Visitor visitor) throws IOException {
    scratch.<IOException>visit(
        name.prefix(), (key, value) -> visitor.visit(ScratchKeys.digest(key), value));
  }

  void clear() throws IOException {
    visit((digest, value) -> remove(digest));
  }
}
