package io.castore.ingest;

import io.castore.proto.pipeline.UploadEvent.PartitionRange;
import io.castore.proto.pipeline.UploadEvent.Sealed;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Where the chunk records of one upload stand in Kafka, and when all of them do: an entry for each
 * partition, however many records there are. What is sent after the source was read to its end does
 * not count.
 *
 * <p>Safe for use by many threads.
 */
final class SentChunks {
  private final Consumer<Sealed> onAllThere;
  private final Map<Integer, Range> ranges = new TreeMap<>();
  private long sent;
  private long arrived;
  private boolean allKnown = true;
  private @Nullable Sealed content;

  /**
   * Begins with none.
   *
   * @param onAllThere told once, when the source was read and every record has arrived, of the
   *     content with its records' ranges; by whoever brings that about
   */
  SentChunks(Consumer<Sealed> onAllThere) {
    this.onAllThere = onAllThere;
  }

  private record Range(long first, long end) {
    Range and(Range other) {
      return new Range(Math.min(first, other.first), Math.max(end, other.end));
    }
  }

  /** A record is going to be sent. */
  synchronized void sending() {
    sent++;
  }

  /** Gives how many were sent. */
  synchronized long count() {
    return sent;
  }

  /**
   * A record has arrived.
   *
   * @param offset its place, or -1 where Kafka has not told: then no ranges are told, either
   */
  void arrived(int partition, long offset) {
    Sealed sealed;
    synchronized (this) {
      arrived++;
      if (offset < 0) {
        allKnown = false;
      } else {
        ranges.merge(partition, new Range(offset, offset + 1), Range::and);
      }
      sealed = takeWhereAllThere();
    }
    tell(sealed);
  }

  /** The source was read to its end. */
  void readToEnd(Sealed whole) {
    Sealed sealed;
    synchronized (this) {
      content = whole;
      sealed = takeWhereAllThere();
    }
    tell(sealed);
  }

  private void tell(@Nullable Sealed sealed) {
    if (sealed != null) {
      onAllThere.accept(sealed);
    }
  }

  private @Nullable Sealed takeWhereAllThere() {
    Sealed whole = content;
    if (whole == null || arrived < sent) {
      return null;
    }
    content = null;
    Sealed.Builder sealed = whole.toBuilder();
    if (allKnown) {
      ranges.forEach(
          (partition, range) ->
              sealed.addChunkRecords(
                  PartitionRange.newBuilder()
                      .setPartition(partition)
                      .setFirstOffset(range.first)
                      .setEndOffset(range.end)));
    }
    return sealed.build();
  }
}
