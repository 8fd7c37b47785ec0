package io.castore.pipeline.cluster;

import java.util.ArrayList;
import java.util.List;

/**
 * Estimates how many bytes lie between two offsets of a partition, from what was seen of its size
 * as it grew. Kafka tells only how large a partition is on disk in all; between two sightings its
 * bytes are taken to be spread evenly.
 *
 * <p>What is off: the first sighting counts records that were trimmed before, for as long as their
 * segment is on disk, so it may be one segment too large, but never more than the largest record
 * for each offset; where a segment was deleted between two sightings, what came meanwhile may be
 * taken for less. Neither error adds up.
 *
 * <p>Holds at most {@value #MOST_MARKS} points of the curve. Not thread-safe.
 */
final class PartitionBytes {
  private static final int MOST_MARKS = 64;

  private final long largestRecordBytes;
  private final List<Mark> marks = new ArrayList<>();
  private double recordBytes;
  private long lastSize;

  /**
   * Knows nothing yet.
   *
   * @param usualRecordBytes what a record counts before anything is known
   * @param largestRecordBytes what a record counts at most
   */
  PartitionBytes(long usualRecordBytes, long largestRecordBytes) {
    this.recordBytes = usualRecordBytes;
    this.largestRecordBytes = largestRecordBytes;
  }

  private record Mark(long offset, double bytes) {}

  /**
   * Takes a sighting.
   *
   * @param start offset of the first record
   * @param end offset after the last record
   * @param size bytes on disk
   */
  void observe(long start, long end, long size) {
    if (marks.isEmpty() || last().offset() < start || last().offset() > end) {
      begin(start, end, size);
    } else {
      continueTo(end, size);
    }
    lastSize = size;
    while (marks.size() > 1 && marks.get(1).offset() <= start) {
      marks.remove(0);
    }
    thinOut();
  }

  private void begin(long start, long end, long size) {
    marks.clear();
    marks.add(new Mark(start, 0));
    if (end > start) {
      recordBytes = perRecord(size, end - start);
      marks.add(new Mark(end, recordBytes * (end - start)));
    }
  }

  private void continueTo(long end, long size) {
    long records = end - last().offset();
    if (records == 0) {
      return;
    }
    // Where it has not grown, segments were deleted, and nothing is learned.
    if (size > lastSize) {
      recordBytes = perRecord(size - lastSize, records);
    }
    marks.add(new Mark(end, last().bytes() + recordBytes * records));
  }

  private double perRecord(long bytes, long records) {
    return Math.min((double) bytes / records, (double) largestRecordBytes);
  }

  private void thinOut() {
    if (marks.size() > MOST_MARKS) {
      for (int i = marks.size() - 2; i > 0; i -= 2) {
        marks.remove(i);
      }
    }
  }

  /** Estimates the bytes of the records from one offset up to, and without, another. */
  long between(long from, long to) {
    return Math.max(0, Math.round(at(to) - at(from)));
  }

  /**
   * Gives the smallest offset from which on no more than so many bytes lie before another.
   *
   * @param from no smaller than this
   * @param to no larger than this
   */
  long offsetBefore(long from, long to, long bytes) {
    long low = from;
    long high = to;
    while (low < high) {
      long middle = low + (high - low) / 2;
      if (between(middle, to) <= bytes) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }

  private double at(long offset) {
    if (marks.isEmpty()) {
      return recordBytes * offset;
    }
    if (offset >= last().offset()) {
      return last().bytes() + recordBytes * (offset - last().offset());
    }
    Mark before = marks.get(0);
    for (Mark mark : marks) {
      if (mark.offset() > offset) {
        double share =
            (double) (offset - before.offset()) / Math.max(1, mark.offset() - before.offset());
        return before.bytes() + Math.max(0, share) * (mark.bytes() - before.bytes());
      }
      before = mark;
    }
    return before.bytes();
  }

  private Mark last() {
    return marks.get(marks.size() - 1);
  }
}
