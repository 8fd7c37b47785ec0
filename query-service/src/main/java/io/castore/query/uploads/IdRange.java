package io.castore.query.uploads;

import io.castore.pipeline.records.UploadId;
import java.time.Instant;
import java.util.UUID;

/**
 * Ids that follow each other, both ends included; none where {@code first} is above {@code last}.
 * Since an id starts with the time at which it was made (UUID version 7, RFC 9562: 48 bits of
 * milliseconds), a span of time is such a range.
 */
record IdRange(UploadId first, UploadId last) {
  private static final int TIME_SHIFT = 16;
  private static final long MOST_MILLIS = (1L << 48) - 1;

  static final IdRange ALL =
      new IdRange(new UploadId(new UUID(0, 0)), new UploadId(new UUID(-1, -1)));

  boolean isEmpty() {
    return first.compareTo(last) > 0;
  }

  /** Leaves out what was made before a time. */
  IdRange since(Instant time) {
    long millis = millisFrom(time);
    if (millis > MOST_MILLIS) {
      return empty();
    }
    UploadId earliest = new UploadId(new UUID(millis << TIME_SHIFT, 0));
    return earliest.compareTo(first) > 0 ? new IdRange(earliest, last) : this;
  }

  /** Leaves out what was made at a time or later. */
  IdRange until(Instant time) {
    long millis = millisFrom(time);
    return millis > MOST_MILLIS ? this : before(new UploadId(new UUID(millis << TIME_SHIFT, 0)));
  }

  /** Leaves out an id and all above it. */
  IdRange before(UploadId id) {
    if (id.compareTo(last) > 0) {
      return this;
    }
    long high = id.uuid().getMostSignificantBits();
    long low = id.uuid().getLeastSignificantBits();
    if (high == 0 && low == 0) {
      return empty();
    }
    return new IdRange(first, new UploadId(new UUID(low == 0 ? high - 1 : high, low - 1)));
  }

  private static IdRange empty() {
    return new IdRange(/* first= */ ALL.last, /* last= */ ALL.first);
  }

  /**
   * The first whole millisecond that is not before a time, and is one that ids can have, or one
   * more.
   */
  private static long millisFrom(Instant time) {
    if (time.isBefore(Instant.EPOCH)) {
      return 0;
    }
    if (time.getEpochSecond() > MOST_MILLIS / 1000) {
      return MOST_MILLIS + 1;
    }
    return time.plusNanos(999_999).toEpochMilli();
  }
}
