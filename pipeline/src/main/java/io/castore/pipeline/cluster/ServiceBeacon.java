package io.castore.pipeline.cluster;

import io.castore.pipeline.config.CastoreConfig;
import io.castore.pipeline.topics.Topic;
import io.castore.proto.pipeline.ServiceStatus;
import io.castore.proto.pipeline.ServiceStatus.State;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells everybody how one role of this process is: every 5 seconds, and at once when that changes.
 * A failure to tell is no failure of the service, and only logged for who debugs.
 *
 * <p>Safe for use by many threads; no call waits for Kafka but {@link #close}.
 */
public final class ServiceBeacon implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ServiceBeacon.class);
  private static final Duration PAUSE = Duration.ofSeconds(5);
  private static final int TIMEOUT_MS = 4_000;
  private static final int BUFFER_BYTES = 1 << 20;
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(2);

  private final Topic<String, ServiceStatus> topic;
  private final KafkaProducer<String, ServiceStatus> producer;
  private final String role;
  private final String instance;
  private final String endpoint;
  private final Rounds rounds;
  private volatile @Nullable ServiceStatus status;

  private ServiceBeacon(CastoreConfig config, String role, Optional<URI> endpoint) {
    this.topic = config.topics().services();
    this.role = role;
    this.endpoint = endpoint.map(URI::toString).orElse("");
    this.instance = config.instanceId().orElseGet(ServiceBeacon::hostAndProcess);
    Map<String, Object> settings = new HashMap<>(config.kafkaClient());
    settings.put(ProducerConfig.ACKS_CONFIG, "1");
    settings.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, false);
    settings.put(ProducerConfig.BUFFER_MEMORY_CONFIG, BUFFER_BYTES);
    settings.put(ProducerConfig.LINGER_MS_CONFIG, 0);
    settings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, TIMEOUT_MS);
    settings.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, TIMEOUT_MS);
    settings.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, TIMEOUT_MS);
    this.producer =
        new KafkaProducer<>(settings, topic.keys().serializer(), topic.values().serializer());
    this.rounds = Rounds.start(log, "tell the status of " + role, PAUSE, this::tell);
  }

  /** Begins to tell of a service that other processes do not reach. */
  public static ServiceBeacon start(CastoreConfig config, String role) {
    return start(config, role, Optional.empty());
  }

  /**
   * Begins to tell, from the first state that is set on. The topic has to exist.
   *
   * @param role what the service is called: {@code chunker}
   * @param endpoint where other processes reach it, where they do
   */
  public static ServiceBeacon start(CastoreConfig config, String role, Optional<URI> endpoint) {
    return new ServiceBeacon(config, role, endpoint);
  }

  /** Tells that the service works. */
  public void running() {
    become(State.RUNNING, "");
  }

  /**
   * Tells that the service waits.
   *
   * @param reason why, for people
   */
  public void paused(String reason) {
    become(State.PAUSED, reason);
  }

  private synchronized void become(State state, String reason) {
    ServiceStatus before = status;
    long since =
        before != null && before.getState() == state
            ? before.getSinceMs()
            : System.currentTimeMillis();
    status =
        ServiceStatus.newBuilder()
            .setRole(role)
            .setInstance(instance)
            .setState(state)
            .setReason(reason)
            .setSinceMs(since)
            .setEndpoint(endpoint)
            .build();
    rounds.soon();
  }

  private void tell() {
    ServiceStatus now = status;
    if (now == null) {
      return;
    }
    try {
      Future<RecordMetadata> unused =
          producer.send(
              new ProducerRecord<>(
                  topic.name(),
                  role + "/" + instance,
                  now.toBuilder().setUpdatedAtMs(System.currentTimeMillis()).build()),
              (metadata, failed) -> {
                if (failed != null) {
                  log.debug("Cannot tell the status of {}", role, failed);
                }
              });
    } catch (KafkaException failed) {
      log.debug("Cannot tell the status of {}", role, failed);
    }
  }

  private static String hostAndProcess() {
    long process = ProcessHandle.current().pid();
    try {
      return InetAddress.getLocalHost().getHostName() + ":" + process;
    } catch (UnknownHostException nameless) {
      return "localhost:" + process;
    }
  }

  /** Tells that the service has stopped, where it ever told anything, in a few seconds at most. */
  @Override
  public void close() {
    rounds.close();
    if (status != null) {
      become(State.STOPPED, "");
      tell();
    }
    producer.close(CLOSE_TIMEOUT);
  }
}
