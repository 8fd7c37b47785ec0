package io.castore.pipeline.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.Map;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.metrics.Gauge;
import org.apache.kafka.common.metrics.Metrics;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class KafkaFiguresTest {
  private final Metrics kafka = new Metrics();
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

  @AfterEach
  void close() {
    kafka.close();
  }

  @Test
  void shouldFoldWhatManyClientsTellIntoOneFigureOfARole() {
    add("producer-metrics", "record-send-rate", 10, Map.of("client-id", "1"));
    add("producer-metrics", "record-send-rate", 5, Map.of("client-id", "2"));
    add("producer-metrics", "request-latency-avg", 20, Map.of("client-id", "1"));
    add("producer-metrics", "request-latency-avg", 500, Map.of("client-id", "2"));
    add("producer-metrics", "request-latency-avg", Double.NaN, Map.of("client-id", "3"));
    add("consumer-fetch-manager-metrics", "bytes-consumed-rate", 7, Map.of("client-id", "1"));
    add(
        "consumer-fetch-manager-metrics",
        "bytes-consumed-rate",
        7,
        Map.of("client-id", "1", "topic", "chunks"));

    KafkaFigures.ofTopology("chunker", kafka::metrics, meters);

    assertThat(figure("produced.records.per.second")).isEqualTo(15);
    assertThat(figure("produce.seconds")).isEqualTo(0.5);
    assertThat(figure("consumed.bytes.per.second")).isEqualTo(7);
  }

  @Test
  void shouldTellNoFewerSeriesBeforeThereIsAnyClient() {
    KafkaFigures.ofTopology("chunker", kafka::metrics, meters);

    assertThat(figure("produced.records.per.second")).isZero();
    assertThat(figure("produce.seconds")).isNaN();
    assertThat(meters.getMeters())
        .extracting(Meter::getId)
        .allMatch(id -> id.getTags().size() == 1 && "chunker".equals(id.getTag("role")));
  }

  @Test
  void shouldNotLookAtFiguresOfADatabase() {
    kafka.addMetric(
        new MetricName("estimate-num-keys", "stream-state-metrics", "", Map.of("task-id", "0_1")),
        (Gauge<Double>)
            (config, now) -> {
              throw new AssertionError("the database may be closed by now");
            });
    KafkaFigures.ofTopology("chunker", kafka::metrics, meters);

    assertThat(figure("stream.threads")).isZero();
  }

  private void add(String group, String name, double value, Map<String, String> tags) {
    kafka.addMetric(new MetricName(name, group, "", tags), (Gauge<Double>) (config, now) -> value);
  }

  private double figure(String name) {
    return meters.get("castore.kafka." + name).tag("role", "chunker").gauge().value();
  }
}
