package io.castore.pipeline.streams;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends records at fault to a dead letter queue: as they came, and with headers that say what is
 * wrong. Belongs to one processor, and is as little thread-safe.
 */
public final class DeadLetters {
  /** Header that says to a person what is wrong, in UTF-8. */
  public static final String REASON = "castore.reason";

  /** Header that names the topic that the record came from. */
  public static final String TOPIC = "castore.topic";

  /** Header with the number, as text, of the partition that the record came from. */
  public static final String PARTITION = "castore.partition";

  /** Header with the offset, as text, that the record had there. */
  public static final String OFFSET = "castore.offset";

  private static final Logger log = LoggerFactory.getLogger(DeadLetters.class);

  private final ProcessorContext<Object, Object> context;
  private final String sink;
  private final Counter sent;

  /**
   * Sends by way of a node of the topology.
   *
   * @param sink name of the sink node that writes to the queue
   * @param sent counts them
   */
  public DeadLetters(ProcessorContext<Object, Object> context, String sink, Counter sent) {
    this.context = context;
    this.sink = sink;
    this.sent = sent;
  }

  /**
   * Makes what counts the records of a queue, {@code castore.dead.letters}.
   *
   * @param queue name of its topic
   */
  public static Counter counter(String queue, MeterRegistry meters) {
    return Counter.builder("castore.dead.letters")
        .description("Records at fault that went to a dead letter queue")
        .tag("queue", queue)
        .register(meters);
  }

  /**
   * Sends a record that came from {@code at}; its key, value, time and headers stay as they are.
   */
  public void send(Record<byte[], byte[]> record, RecordMetadata at, String reason) {
    log.warn(
        "Record at offset {} of {}-{} goes to the dead letter queue: {}",
        at.offset(),
        at.topic(),
        at.partition(),
        reason);
    Headers headers = new RecordHeaders(record.headers());
    add(headers, REASON, reason);
    add(headers, TOPIC, at.topic());
    add(headers, PARTITION, Integer.toString(at.partition()));
    add(headers, OFFSET, Long.toString(at.offset()));
    context.forward(
        new Record<Object, Object>(record.key(), record.value(), record.timestamp(), headers),
        sink);
    sent.increment();
  }

  private static void add(Headers headers, String name, String value) {
    headers.add(name, value.getBytes(StandardCharsets.UTF_8));
  }
}
