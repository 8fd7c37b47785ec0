package io.castore.pipeline.cluster;

import io.castore.pipeline.config.CastoreConfig;
import io.castore.pipeline.topics.Topic;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;

/**
 * What commands that look after the store found, for whoever looks later: the last report of each
 * command, a short text.
 *
 * <p>Safe for use by many threads.
 */
public final class Reports {
  private static final int TIMEOUT_MS = 15_000;
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(2);

  private Reports() {}

  /**
   * Reads the last report of each command, in the order of their names. The topic has to exist.
   *
   * @throws KafkaException if Kafka cannot be reached
   */
  public static Map<String, String> read(CastoreConfig config) {
    Map<String, String> newest = new TreeMap<>();
    try (TopicTail<String, String> tail = new TopicTail<>(config, config.topics().reports())) {
      tail.<RuntimeException>readToEnd(newest::put);
    }
    newest.values().removeIf(String::isEmpty);
    return newest;
  }

  /**
   * Writes a report in place of the command's last one. The topic has to exist.
   *
   * @param command what was run: {@code gc}
   * @param report JSON, of some kilobytes at most
   * @throws KafkaException if Kafka cannot be reached or refuses
   */
  public static void write(CastoreConfig config, String command, String report)
      throws InterruptedException {
    Topic<String, String> topic = config.topics().reports();
    Map<String, Object> settings = new HashMap<>(config.kafkaClient());
    settings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, TIMEOUT_MS);
    settings.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, TIMEOUT_MS);
    settings.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, TIMEOUT_MS);
    settings.put(ProducerConfig.LINGER_MS_CONFIG, 0);
    KafkaProducer<String, String> producer =
        new KafkaProducer<>(settings, topic.keys().serializer(), topic.values().serializer());
    try {
      producer.send(new ProducerRecord<>(topic.name(), command, report)).get();
    } catch (ExecutionException failed) {
      throw new KafkaException("cannot write to topic " + topic, failed.getCause());
    } finally {
      producer.close(CLOSE_TIMEOUT);
    }
  }
}
