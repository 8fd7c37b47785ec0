package io.castore.pipeline.streams;

import io.castore.pipeline.config.CastoreConfig;
import io.castore.pipeline.topics.MessageLimits;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.streams.StreamsConfig;

/**
 * Settings of Kafka Streams that both topologies share, and why they are so.
 *
 * <p>Deadlines nest: an attempt of a request to the store ends before the request with all its
 * attempts does, that before a commit gives up waiting for it ({@code chunker.drain.timeout.ms}),
 * and that before Kafka takes a silent thread for dead ({@code max.poll.interval.ms}).
 */
public final class StreamsSettings {
  /**
   * To publish a blob takes the most: to write its object, to look at the one that is there, and to
   * replace it.
   */
  private static final int REQUESTS_A_RECORD = 3;

  private static final Duration POLL_SLACK = Duration.ofMinutes(1);

  /** Receipts and changelog entries are small; a dead letter must fit, too. */
  private static final int PRODUCER_BUFFER_BYTES = 16 << 20;

  /** Of state: entries of some hundred bytes, fetched from up to a hundred partitions at once. */
  private static final int RESTORE_PARTITION_FETCH_BYTES = 256 << 10;

  /** Kafka Streams looks so often whether a new process has caught up and can take work over. */
  private static final int PROBING_INTERVAL_MS = 60_000;

  /** How much of the work a new process prepares to take over at a time. */
  private static final int WARMUPS = 8;

  /** What a key that is meant for all clients does not change. */
  private static final int POLL_MS = 25;

  private static final Set<String> GUARANTEES =
      Set.of(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG);

  private StreamsSettings() {}

  /**
   * Settings for one topology, of topics that have as many partitions as they are made with.
   *
   * @param application how Kafka knows it
   * @param threads how many stream threads it gets
   */
  public static Properties of(CastoreConfig config, StreamsApplication application, int threads) {
    return of(config, application, threads, Intake.of(config, application));
  }

  /**
   * Settings for one topology.
   *
   * @param application how Kafka knows it
   * @param threads how many stream threads it gets
   * @param intake what it reads
   */
  public static Properties of(
      CastoreConfig config, StreamsApplication application, int threads, Intake intake) {
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
    // Receipts of PUTs that end, and blobs that are written, while no record comes, are taken up
    // between polls.
    settings.put(StreamsConfig.POLL_MS_CONFIG, POLL_MS);
    // A cached entry would pin the bytes of the record that it came from, payload and all,
    // uncounted.
    settings.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, 0);
    settings.put(StreamsConfig.METRICS_RECORDING_LEVEL_CONFIG, "INFO");
    settings.put(StreamsConfig.ROCKSDB_CONFIG_SETTER_CLASS_CONFIG, BoundedRocksDb.class);
    BoundedRocksDb.addTo(settings, config);
    settings.put(StreamsConfig.NUM_STANDBY_REPLICAS_CONFIG, config.standbyReplicas());
    // A process that joins takes its share within minutes, not within hours.
    settings.put(StreamsConfig.PROBING_REBALANCE_INTERVAL_MS_CONFIG, PROBING_INTERVAL_MS);
    settings.put(StreamsConfig.MAX_WARMUP_REPLICAS_CONFIG, WARMUPS);

    // With records of half a megabyte the defaults (1,000 and 1,000) would be gigabytes.
    settings.put(
        StreamsConfig.mainConsumerPrefix(ConsumerConfig.MAX_POLL_RECORDS_CONFIG),
        intake.pollRecords(threads));
    settings.put(StreamsConfig.BUFFERED_RECORDS_PER_PARTITION_CONFIG, intake.recordsPerPartition());
    settings.put(
        StreamsConfig.mainConsumerPrefix(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG),
        intake.partitionFetchBytes());
    settings.put(
        StreamsConfig.restoreConsumerPrefix(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG),
        RESTORE_PARTITION_FETCH_BYTES);
    settings.put(
        StreamsConfig.consumerPrefix(ConsumerConfig.FETCH_MAX_BYTES_CONFIG),
        limits.consumerFetchBytes());
    settings.put(
        StreamsConfig.mainConsumerPrefix(ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG),
        millis(longestSilence(config)));
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
        StreamsConfig.producerPrefix(ProducerConfig.BUFFER_MEMORY_CONFIG),
        Math.max(PRODUCER_BUFFER_BYTES, 2 * limits.producerMaxRequestBytes()));
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
              if (!GUARANTEES.contains(key)) {
                settings.remove(StreamsConfig.mainConsumerPrefix(key));
                settings.remove(StreamsConfig.restoreConsumerPrefix(key));
              }
              settings.put(key, value);
            });
    settings.putAll(config.kafkaStreams());
    Properties properties = new Properties();
    properties.putAll(settings);
    return properties;
  }

  /**
   * How long a thread may go without a poll. Kafka Streams works on records for up to half of it
   * before it polls again; the record it is at then may wait for room in the window, and the commit
   * after it for all that is on its way. To publish a blob may take some requests to the store,
   * each with all its attempts.
   */
  static Duration longestSilence(CastoreConfig config) {
    Duration drain = config.chunkerDrainTimeout();
    Duration call = config.s3().longestCall();
    return drain
        .plus(call)
        .multipliedBy(2)
        .plus(call.multipliedBy(REQUESTS_A_RECORD - 1))
        .plus(POLL_SLACK);
  }

  private static int millis(Duration duration) {
    return Math.toIntExact(duration.toMillis());
  }

  private static List<String> deadLetterQueues(CastoreConfig config) {
    return List.of(config.topics().chunksDlq().name(), config.topics().eventsDlq().name());
  }
}
