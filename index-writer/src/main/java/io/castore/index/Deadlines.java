package io.castore.index;

import io.castore.pipeline.records.UploadId;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * When each upload is to be looked at again, so that finding those that are due takes no scan of
 * all. A key of the store is the 8 bytes, big-endian, of the time in milliseconds, then the 16
 * bytes of the upload's id; values are one byte without a meaning. An upload may have several.
 */
final class Deadlines {
  private static final byte[] PRESENT = {1};

  private final KeyValueStore<Bytes, byte[]> store;

  /** No entry is earlier. Asking is free until then, and no scan passes over deleted entries. */
  private long earliestMs;

  Deadlines(KeyValueStore<Bytes, byte[]> store) {
    this.store = store;
  }

  /**
   * An entry.
   *
   * @param atMs when the upload is to be looked at
   */
  record Deadline(long atMs, UploadId id) {}

  void add(long atMs, UploadId id) {
    store.put(key(atMs, id), PRESENT);
    earliestMs = Math.min(earliestMs, atMs);
  }

  boolean has(long atMs, UploadId id) {
    return store.get(key(atMs, id)) != null;
  }

  void remove(Deadline deadline) {
    store.delete(key(deadline.atMs(), deadline.id()));
  }

  /** Gives the earliest entries that are due, at most so many. */
  List<Deadline> due(long nowMs, int limit) {
    if (earliestMs > nowMs) {
      return List.of();
    }
    List<Deadline> due = new ArrayList<>();
    long earliest = Long.MAX_VALUE;
    try (KeyValueIterator<Bytes, byte[]> entries = from(startOf(earliestMs))) {
      while (entries.hasNext() && due.size() < limit) {
        Deadline next = read(entries.next().key);
        earliest = Math.min(earliest, next.atMs());
        if (next.atMs() > nowMs) {
          break;
        }
        due.add(next);
      }
    }
    earliestMs = earliest;
    return due;
  }

  /**
   * Gives entries in the order of their times, due or not.
   *
   * @param after where the last call ended, null at first
   * @param untilMs the latest time that is of interest
   */
  List<Deadline> next(@Nullable Deadline after, long untilMs, int limit) {
    List<Deadline> found = new ArrayList<>();
    Bytes start = after == null ? startOf(0) : key(after.atMs(), after.id());
    try (KeyValueIterator<Bytes, byte[]> entries = from(start)) {
      while (entries.hasNext() && found.size() < limit) {
        Deadline next = read(entries.next().key);
        if (next.atMs() > untilMs) {
          break;
        }
        if (!next.equals(after)) {
          found.add(next);
        }
      }
    }
    return found;
  }

  private KeyValueIterator<Bytes, byte[]> from(Bytes start) {
    byte[] last = new byte[Long.BYTES + UploadId.LENGTH];
    Arrays.fill(last, (byte) 0xff);
    return store.range(start, Bytes.wrap(last));
  }

  private static Deadline read(Bytes entry) {
    ByteBuffer key = ByteBuffer.wrap(entry.get());
    long atMs = key.getLong();
    byte[] id = new byte[UploadId.LENGTH];
    key.get(id);
    return new Deadline(atMs, UploadId.of(id));
  }

  private static Bytes startOf(long atMs) {
    return Bytes.wrap(ByteBuffer.allocate(Long.BYTES).putLong(atMs).array());
  }

  private static Bytes key(long atMs, UploadId id) {
    return Bytes.wrap(
        ByteBuffer.allocate(Long.BYTES + UploadId.LENGTH).putLong(atMs).put(id.toBytes()).array());
  }
}
