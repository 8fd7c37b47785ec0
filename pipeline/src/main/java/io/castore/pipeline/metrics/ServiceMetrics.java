package io.castore.pipeline.metrics;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
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
 * JMX, as {@code castore:type=GROUP}, in Kafka's own manner, and in a registry, as {@code
 * castore.GROUP.NAME}, with dots for hyphens.
 *
 * <p>Safe for use by many threads.
 */
public final class ServiceMetrics implements AutoCloseable {
  private static final String DOMAIN = "castore";

  private final Metrics metrics;
  private final MeterRegistry meters;

  /**
   * Begins with none.
   *
   * @param meters is told each figure, too; belongs to the caller
   */
  public ServiceMetrics(MeterRegistry meters) {
    this.meters = meters;
    KafkaMetricsContext context = new KafkaMetricsContext(DOMAIN);
    metrics = new Metrics(new MetricConfig(), List.of(new JmxReporter()), Time.SYSTEM, context);
  }

  /**
   * Adds a figure that goes up and down.
   *
   * @param group what it is about: {@code chunk-log}
   * @param name what it is: {@code backlog-bytes}
   * @param value asked for on any thread, whenever somebody looks; must return at once
   */
  public void gauge(String group, String name, String description, DoubleSupplier value) {
    addToJmx(group, name, description, value);
    io.micrometer.core.instrument.Gauge.builder(meter(group, name), value::getAsDouble)
        .description(description)
        .register(meters);
  }

  /** Adds a figure that only grows while the process lives; see {@link #gauge}. */
  public void counter(String group, String name, String description, DoubleSupplier value) {
    addToJmx(group, name, description, value);
    FunctionCounter.builder(meter(group, name), value, DoubleSupplier::getAsDouble)
        .description(description)
        .register(meters);
  }

  /** Holds on to the figure, too, which the registry does not. */
  private void addToJmx(String group, String name, String description, DoubleSupplier value) {
    metrics.addMetric(
        metrics.metricName(name, group, description),
        (Gauge<Double>) (config, now) -> value.getAsDouble());
  }

  private static String meter(String group, String name) {
    return "castore." + (group + "." + name).replace('-', '.');
  }

  /** Takes all of them back from JMX. */
  @Override
  public void close() {
    metrics.close();
  }
}
