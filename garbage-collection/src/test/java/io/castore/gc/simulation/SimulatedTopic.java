package io.castore.gc.simulation;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A topic of one partition. */
public final class SimulatedTopic {
  private final String name;
  private final List<Entry> entries = new ArrayList<>();

  public SimulatedTopic(String name) {
    this.name = name;
  }

  /** A record. */
  public static final class Entry {
    private final byte @Nullable [] key;
    private final byte @Nullable [] value;
    private final long timestamp;

    Entry(byte @Nullable [] key, byte @Nullable [] value, long timestamp) {
      this.key = key;
      this.value = value;
      this.timestamp = timestamp;
    }

    public byte @Nullable [] key() {
      return key;
    }

    public byte @Nullable [] value() {
      return value;
    }

    public long timestamp() {
      return timestamp;
    }
  }

  /** Appends a record, and gives its offset. */
  public long append(byte @Nullable [] key, byte @Nullable [] value, long timestamp) {
    entries.add(new Entry(key, value, timestamp));
    return end() - 1;
  }

  /** Gives the record at an offset. */
  public Entry at(long offset) {
    return entries.get(Math.toIntExact(offset));
  }

  /** The offset after the last record. */
  public long end() {
    return entries.size();
  }

  /** The offset of the first record of that time or later. */
  public long at(Instant time) {
    for (int offset = 0; offset < entries.size(); offset++) {
      if (entries.get(offset).timestamp() >= time.toEpochMilli()) {
        return offset;
      }
    }
    return entries.size();
  }

  public String name() {
    return name;
  }
}
