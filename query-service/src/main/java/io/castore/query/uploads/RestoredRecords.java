package io.castore.query.uploads;

import java.util.concurrent.atomic.LongAdder;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.processor.StateRestoreListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts what is read until a store is whole, and sees to it that the store is of the topic that is
 * read.
 *
 * <p>Safe for use by many threads.
 */
final class RestoredRecords implements StateRestoreListener {
  private static final Logger log = LoggerFactory.getLogger(RestoredRecords.class);

  /** The store has read more than its topic has: the topic has been made anew. */
  static final class OutdatedStateException extends KafkaException {
    private static final long serialVersionUID = 1;

    private OutdatedStateException(TopicPartition partition, long first, long end) {
      super("%s was read to offset %d, and ends at %d".formatted(partition, first, end));
    }
  }

  private final LongAdder records = new LongAdder();

  @Override
  public void onRestoreStart(TopicPartition partition, String store, long first, long end) {
    log.debug("{} is read into {} from offset {} to {}", partition, store, first, end);
    if (first > end) {
      throw new OutdatedStateException(partition, first, end);
    }
  }

  @Override
  public void onBatchRestored(TopicPartition partition, String store, long end, long count) {
    records.add(count);
  }

  @Override
  public void onRestoreEnd(TopicPartition partition, String store, long count) {
    log.debug("{} is read into {}: {} records", partition, store, count);
  }

  long records() {
    return records.sum();
  }
}
