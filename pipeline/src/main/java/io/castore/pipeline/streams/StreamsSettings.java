package io.castore.pipeline.streams;

import io.castore.pipeline.config.CastoreConfig;
import io.castore.pipeline.topics.MessageLimits;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.streams.StreamsConfig;

/** Settings of Kafka Streams that both topologies share, and why they are so. */
public final class StreamsSettings {
  /**
   * To publish a blob takes the most: to write its object, to look at the one that is there, and to
   * replace it.
   */
  private static final int REQUESTS_A_RECORD = 3;

  private StreamsSettings() {}

  /**
   * Settings for one topology.
   *
   * @param application how Kafka knows it
   * @param threads how many stream threads it gets
   */
  public static Properties of(CastoreConfig config, StreamsApplication application, int threads) {
    MessageLimits limits = config.messageLimits();
    Map<String, Object> settings = new HashMap<>();
    settings.put(StreamsConfig.APPLICATION_ID_CONFIG, application.id());
    settings.put(StreamsConfig.STATE_DIR_CONFIG, config.stateDir().toAbsolutePath().toString());
    settings.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, threads);
    settings.put(StreamsConfig.REPLICATION_FACTOR_CONFIG, (int) config.replicationFactor());

    // Everything here is addressed by content or by (upload, seq), so doing a thing twice changes
    // nothing, while exactly once would wipe and restore the local state after every crash.
    settings.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.AT_LEAST_ONCE);
    settings.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, 1000);
    // A cached entry would pin the bytes of the record that it came from, payload and all,
    // uncounted.
    settings.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, 0);
    settings.put(StreamsConfig.METRICS_RECORDING_LEVEL_CONFIG, "INFO");

    // With records of half a megabyte the defaults (1,000 and 1,000) would be gigabytes.
    settings.put(StreamsConfig.consumerPrefix(ConsumerConfig.MAX_POLL_RECORDS_CONFIG), 64);
    settings.put(StreamsConfig.BUFFERED_RECORDS_PER_PARTITION_CONFIG, 32);
    // A record may need some requests to the store, each with all its retries, before its thread
    // polls again.
    settings.put(
        StreamsConfig.mainConsumerPrefix(ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG),
        Math.toIntExact(
            config.s3().longestCall().multipliedBy(REQUESTS_A_RECORD).plusMinutes(1).toMillis()));
    settings.put(
        StreamsConfig.consumerPrefix(ConsumerConfig.FETCH_MAX_BYTES_CONFIG),
        limits.consumerFetchBytes());
    settings.put(
        StreamsConfig.consumerPrefix(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG),
        limits.consumerPartitionFetchBytes());
    // A gap between what was committed and what the topic still holds is lost data: fail, never
    // skip.
    settings.put(StreamsConfig.mainConsumerPrefix(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG), "none");
    settings.put(StreamsConfig.consumerPrefix(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG), 10_000);
    settings.put(StreamsConfig.consumerPrefix(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG), 3_000);
    config
        .instanceId()
        .ifPresent(
            id ->
                settings.put(
                    StreamsConfig.consumerPrefix(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG), id));

    settings.put(StreamsConfig.producerPrefix(ProducerConfig.LINGER_MS_CONFIG), 5);
    settings.put(
        StreamsConfig.producerPrefix(ProducerConfig.MAX_REQUEST_SIZE_CONFIG),
        limits.producerMaxRequestBytes());
    settings.put(
        StreamsConfig.topicPrefix(TopicConfig.MAX_MESSAGE_BYTES_CONFIG),
        limits.topicMaxMessageBytes());

    // A dead letter that no topic takes must not end the topology: its original stays where it was.
    settings.put(
        StreamsConfig.PRODUCTION_EXCEPTION_HANDLER_CLASS_CONFIG, OversizedDeadLetters.class);
    settings.put(OversizedDeadLetters.QUEUES_CONFIG, deadLetterQueues(config));

    config
        .kafkaClient()
        .forEach(
            (key, value) -> {
              // With Streams a key that has a client's prefix wins, and so would ours over the
              // user's.
              settings.remove(StreamsConfig.consumerPrefix(key));
              settings.remove(StreamsConfig.producerPrefix(key));
              settings.put(key, value);
            });
    settings.putAll(config.kafkaStreams());
    Properties properties = new Properties();
    properties.putAll(settings);
    return properties;
  }

  private static List<String> deadLetterQueues(CastoreConfig config) {
    return List.of(config.topics().chunksDlq().name(), config.topics().eventsDlq().name());
  }
}
