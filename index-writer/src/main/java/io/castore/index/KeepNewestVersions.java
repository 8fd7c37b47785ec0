package io.castore.index;

import io.castore.pipeline.sources.SourceUpdate;
import io.castore.pipeline.streams.DeadLetters;
import io.castore.proto.pipeline.SourceEntry;
import io.micrometer.core.instrument.Counter;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * Keeps the newest complete version of each source, and sends it on whenever there is a newer one.
 *
 * <p>A crash may leave any part of what was written and sent for a record, and then the record
 * comes again. The entry that is kept is sent again when it comes again, and an older one neither
 * replaces it nor is sent.
 */
final class KeepNewestVersions implements Processor<byte[], byte[], Object, Object> {
  private final Counter unusable;

  private ProcessorContext<Object, Object> context;
  private DeadLetters deadLetters;
  private KeyValueStore<String, SourceEntry> newest;

  @SuppressWarnings("NullAway.Init") // Kafka Streams calls init before anything else
  KeepNewestVersions(Counter unusable) {
    this.unusable = unusable;
  }

  @Override
  public void init(ProcessorContext<Object, Object> processorContext) {
    context = processorContext;
    deadLetters = new DeadLetters(processorContext, IndexTopology.SEND_UNUSABLE_UPDATES, unusable);
    newest = processorContext.getStateStore(IndexTopology.NEWEST_SOURCES);
  }

  @Override
  public void process(Record<byte[], byte[]> record) {
    SourceUpdate update;
    try {
      update = SourceUpdate.of(record.key(), record.value());
    } catch (IllegalArgumentException unusable) {
      deadLetters.send(
          record, context.recordMetadata().orElseThrow(), String.valueOf(unusable.getMessage()));
      return;
    }
    if (update.replaces(newest.get(update.name()))) {
      newest.put(update.name(), update.entry());
      context.forward(
          new Record<>(update.name(), update.entry(), context.currentSystemTimeMs()),
          IndexTopology.SEND_SOURCES);
    }
  }
}
