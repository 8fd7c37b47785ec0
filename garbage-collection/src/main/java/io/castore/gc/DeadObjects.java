package io.castore.gc;

import io.castore.content.digest.Digest;
import io.castore.content.objectstore.ObjectInfo;
import io.castore.pipeline.scratch.ScratchStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;

/**
 * The objects of one kind that are to be collected, on disk, and the count of those that are not.
 *
 * <p>Not thread-safe.
 */
final class DeadObjects {
  private final DigestTable table;
  private long looked;
  private long lookedBytes;
  private long young;
  private long writtenSince;
  private long dead;
  private long deadBytes;

  DeadObjects(ScratchStore scratch, ScratchKeys name) {
    table = new DigestTable(scratch, name);
  }

  /** Takes digests. */
  @FunctionalInterface
  interface Visitor {
    /** Takes the next one. */
    void visit(Digest digest) throws IOException;
  }

  void look(ObjectInfo object) {
    looked++;
    lookedBytes += object.size();
  }

  void addYoung() {
    young++;
  }

  void addWrittenSince() {
    writtenSince++;
  }

  void add(Digest digest, ObjectInfo object) throws IOException {
    dead++;
    deadBytes += object.size();
    table.put(
        digest,
        ByteBuffer.allocate(2 * Long.BYTES)
            .putLong(object.size())
            .putLong(object.modifiedAt().toEpochMilli())
            .array());
  }

  boolean contains(Digest digest) throws IOException {
    return table.contains(digest);
  }

  long looked() {
    return looked;
  }

  long count() {
    return dead;
  }

  void visit(Visitor visitor) throws IOException {
    table.visit((digest, value) -> visitor.visit(digest));
  }

  /** Takes up what is still there after the collection. */
  Remains remains() {
    return new Remains();
  }

  /** Tells as many as there are of what was found. */
  CollectionReport.Tally allFreed() {
    return new CollectionReport.Tally(looked, lookedBytes, young, writtenSince, dead, deadBytes, 0);
  }

  /** What is still there after the collection, and why. */
  final class Remains {
    private final DigestTable left = new DigestTable(table.scratch(), ScratchKeys.LEFT);
    private long present;
    private long presentBytes;
    private long notRemoved;

    private Remains() {}

    /** Takes an object that is there. */
    void take(Digest digest, ObjectInfo object) throws IOException {
      byte[] value = table.get(digest).orElse(null);
      if (value == null) {
        return;
      }
      ByteBuffer before = ByteBuffer.wrap(value);
      present++;
      presentBytes += before.getLong();
      if (Instant.ofEpochMilli(before.getLong()).toEpochMilli()
          == object.modifiedAt().toEpochMilli()) {
        left.add(digest);
        notRemoved++;
      }
    }

    boolean isEmpty() {
      return notRemoved == 0;
    }

    /** Something refers to it, so it was rightly kept. */
    void isReferred(Digest digest) throws IOException {
      if (left.contains(digest)) {
        left.remove(digest);
        notRemoved--;
      }
    }

    /** Visits what is there and should not be; then forgets it. */
    void finish(Visitor visitor) throws IOException {
      left.visit((digest, nothing) -> visitor.visit(digest));
      left.clear();
    }

    CollectionReport.Tally tally() {
      return new CollectionReport.Tally(
          looked,
          lookedBytes,
          young,
          writtenSince + present - notRemoved,
          dead - present,
          deadBytes - presentBytes,
          notRemoved);
    }
  }
}
