package io.castore.pipeline.metrics;

import java.util.List;
import java.util.function.DoubleSupplier;
import org.apache.kafka.common.metrics.Gauge;
import org.apache.kafka.common.metrics.JmxReporter;
import org.apache.kafka.common.metrics.KafkaMetricsContext;
import org.apache.kafka.common.metrics.MetricConfig;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.utils.Time;

/**
 * What a service tells in figures of itself, beside what Kafka's clients and topologies tell: over
 * JMX, as {@code castore:type=GROUP}, in Kafka's own manner.
 *
 * <p>Safe for use by many threads.
 */
public final class ServiceMetrics implements AutoCloseable {
  private static final String DOMAIN = "castore";

  private final Metrics metrics;
  private final GaugeSink alsoTo;

  /**
   * Begins with none.
   *
   * @param alsoTo is given each figure, too
   */
  public ServiceMetrics(GaugeSink alsoTo) {
    this.alsoTo = alsoTo;
    KafkaMetricsContext context = new KafkaMetricsContext(DOMAIN);
    metrics = new Metrics(new MetricConfig(), List.of(new JmxReporter()), Time.SYSTEM, context);
  }

  /**
   * Adds a figure.
   *
   * @param value asked for on any thread, whenever somebody looks; must return at once
   */
  public void gauge(String group, String name, String description, DoubleSupplier value) {
    metrics.addMetric(
        metrics.metricName(name, group, description),
        (Gauge<Double>) (config, now) -> value.getAsDouble());
    alsoTo.gauge(group, name, description, value);
  }

  /** Takes all of them back. */
  @Override
  public void close() {
    metrics.close();
  }
}
