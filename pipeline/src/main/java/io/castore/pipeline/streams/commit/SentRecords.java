package io.castore.pipeline.streams.commit;

import org.apache.kafka.streams.errors.StreamsException;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.internals.RecordCollector;

/**
 * The records that a task has sent, its changelogs' among them. Kafka Streams sends them in batches
 * and waits for them in a commit alone. This waits for them in between.
 *
 * <p>It goes by {@link RecordCollector}, a type of Kafka Streams 4.3 that is not public, which the
 * context of a processor gives.
 *
 * <p>Belongs to one task, and is used by the thread that runs it.
 */
public final class SentRecords {
  private final RecordCollector.Supplier context;

  private SentRecords(RecordCollector.Supplier context) {
    this.context = context;
  }

  /** Gives the records of a processor's task. */
  public static SentRecords of(ProcessorContext<?, ?> context) {
    if (context instanceof RecordCollector.Supplier internal) {
      return new SentRecords(internal);
    }
    throw new StreamsException(
        "context: %s (expected: one of Kafka Streams' own)".formatted(context.getClass()));
  }

  /**
   * Returns when Kafka has acknowledged all that was sent.
   *
   * @throws StreamsException if it did not: the task has to end
   */
  public void flush() {
    context.recordCollector().flush();
  }
}
