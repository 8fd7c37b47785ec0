package io.castore.pipeline.streams;

import java.util.Collection;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.streams.errors.ErrorHandlerContext;
import org.apache.kafka.streams.errors.ProductionExceptionHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Goes on where a dead letter is too large for its queue. That can be, since a topic limits how
 * large a batch is after compression, and a foreign producer may compress well. Nothing is lost:
 * the record stays in the topic that it came from, and the log says where. Any other record that
 * cannot be written ends the topology, so that nothing is taken for done that is not.
 *
 * <p>Made by Kafka Streams by way of its setting. Safe for use by many threads once configured.
 */
public final class OversizedDeadLetters implements ProductionExceptionHandler {
  /** Setting that lists the names of the dead letter queues. */
  static final String QUEUES_CONFIG = "castore.dead.letter.queues";

  private static final Logger log = LoggerFactory.getLogger(OversizedDeadLetters.class);

  private Set<Object> queues = Set.of();

  /** Makes one that is to be configured. */
  public OversizedDeadLetters() {}

  @Override
  public void configure(Map<String, ?> configs) {
    if (configs.get(QUEUES_CONFIG) instanceof Collection<?> names) {
      queues = Set.copyOf(names);
    }
  }

  @Override
  public Response handleError(
      ErrorHandlerContext context, ProducerRecord<byte[], byte[]> record, Exception failure) {
    if (failure instanceof RecordTooLargeException && queues.contains(record.topic())) {
      log.error(
          "The record at offset {} of {}-{} is too large for {} and stays only where it is",
          context.offset(),
          context.topic(),
          context.partition(),
          record.topic());
      return Response.resume();
    }
    return Response.fail();
  }
}
