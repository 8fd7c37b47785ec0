package io.castore.pipeline.cluster;

import io.castore.pipeline.config.CastoreConfig;
import io.castore.proto.pipeline.ServiceStatus;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.KafkaException;

/** What the services said last of themselves. */
public final class ServiceStatuses {
  private static final Duration SILENCE = Duration.ofMinutes(1);

  private ServiceStatuses() {}

  /**
   * Reads the newest status of each role and instance, in the order of their names. One that has
   * said nothing for a minute, by this machine's clock, is left out: it is gone.
   *
   * @throws KafkaException if Kafka cannot be reached
   */
  public static List<ServiceStatus> read(CastoreConfig config) {
    return read(config, System.currentTimeMillis());
  }

  static List<ServiceStatus> read(CastoreConfig config, long nowMs) {
    Map<String, ServiceStatus> newest = new TreeMap<>();
    try (TopicTail<String, ServiceStatus> tail =
        new TopicTail<>(config, config.topics().services())) {
      tail.<RuntimeException>readToEnd(newest::put);
    }
    return newest.values().stream()
        .filter(status -> nowMs - status.getUpdatedAtMs() <= SILENCE.toMillis())
        .toList();
  }
}
