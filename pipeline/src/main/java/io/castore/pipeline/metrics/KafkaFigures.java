package io.castore.pipeline.metrics;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Collection;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.jspecify.annotations.Nullable;

/**
 * What Kafka's clients and Kafka Streams tell of themselves, folded into one figure each for a
 * role, {@code castore.kafka.*}: however many threads, tasks and partitions it has, and however
 * often a thread is replaced, it has the same few series. Who wants each of them by itself finds
 * them over JMX.
 *
 * <p>All of them are gauges, since a sum of what single clients have counted falls when one of them
 * is closed.
 *
 * <p>No figure of a RocksDB database is among them, nor looked at: Kafka Streams reads those from
 * the database at the moment somebody asks, with nothing to keep it open meanwhile, and a database
 * that is read while its task is closed takes the process down.
 *
 * <p>Safe for use by many threads.
 */
public final class KafkaFigures {
  /** All figures of one scrape are of one look. */
  private static final Duration OUTDATED = Duration.ofMillis(500);

  private static final double MILLIS = 1e-3;
  private static final Set<Figure> OF_CONSUMER =
      EnumSet.range(Figure.CONSUMED_RECORDS, Figure.FETCH_LATENCY);
  private static final Set<Figure> OF_PRODUCER =
      EnumSet.range(Figure.PRODUCED_RECORDS, Figure.PRODUCER_BUFFER_FREE);
  private static final Set<Figure> OF_STREAMS = EnumSet.allOf(Figure.class);

  private final Supplier<? extends Map<MetricName, ? extends Metric>> source;
  private final Map<MetricKey, Figure> figures;
  private @Nullable Map<Figure, Double> last;
  private long lookedNanos;

  private KafkaFigures(
      Supplier<? extends Map<MetricName, ? extends Metric>> source, Set<Figure> figures) {
    this.source = source;
    this.figures = figures.stream().collect(Collectors.toMap(Figure::key, Function.identity()));
  }

  /** Tells of a topology: its threads, its consumers and its producers. */
  public static void ofTopology(
      String role,
      Supplier<? extends Map<MetricName, ? extends Metric>> source,
      MeterRegistry meters) {
    bind(role, source, OF_STREAMS, meters);
  }

  /** Tells of a consumer that is in no group. */
  public static void ofConsumer(
      String role,
      Supplier<? extends Map<MetricName, ? extends Metric>> source,
      MeterRegistry meters) {
    bind(role, source, OF_CONSUMER, meters);
  }

  /** Tells of a producer. */
  public static void ofProducer(
      String role,
      Supplier<? extends Map<MetricName, ? extends Metric>> source,
      MeterRegistry meters) {
    bind(role, source, OF_PRODUCER, meters);
  }

  private static void bind(
      String role,
      Supplier<? extends Map<MetricName, ? extends Metric>> source,
      Set<Figure> wanted,
      MeterRegistry meters) {
    KafkaFigures figures = new KafkaFigures(source, wanted);
    wanted.forEach(
        figure ->
            Gauge.builder("castore.kafka." + figure.meter, () -> figures.value(figure))
                .description(figure.description)
                .tag("role", role)
                .register(meters));
  }

  private synchronized double value(Figure figure) {
    long now = System.nanoTime();
    Map<Figure, Double> values = last;
    if (values == null || now - lookedNanos > OUTDATED.toNanos()) {
      values = look(source.get().values());
      last = values;
      lookedNanos = now;
    }
    return values.getOrDefault(figure, figure.fold.none) * figure.scale;
  }

  private Map<Figure, Double> look(Collection<? extends Metric> metrics) {
    Map<Figure, Double> values = new EnumMap<>(Figure.class);
    for (Metric metric : metrics) {
      MetricName name = metric.metricName();
      Figure figure = figures.get(new MetricKey(name.group(), name.name()));
      // What is told for each topic by itself is told for all of them, too.
      if (figure != null
          && !name.tags().containsKey("topic")
          && metric.metricValue() instanceof Number value
          && !Double.isNaN(value.doubleValue())) {
        values.merge(figure, value.doubleValue(), figure.fold::of);
      }
    }
    return values;
  }

  private record MetricKey(String group, String name) {}

  /** What several clients' figures make together. */
  private enum Fold {
    SUM(0),
    MOST(Double.NaN);

    private final double none;

    Fold(double none) {
      this.none = none;
    }

    double of(double one, double other) {
      return this == SUM ? one + other : Math.max(one, other);
    }
  }

  private enum Figure {
    CONSUMED_RECORDS(
        "consumer-fetch-manager-metrics",
        "records-consumed-rate",
        Fold.SUM,
        "consumed.records.per.second",
        "Records read from Kafka"),
    CONSUMED_BYTES(
        "consumer-fetch-manager-metrics",
        "bytes-consumed-rate",
        Fold.SUM,
        "consumed.bytes.per.second",
        "Bytes read from Kafka"),
    FETCH_LATENCY(
        "consumer-fetch-manager-metrics",
        "fetch-latency-avg",
        Fold.MOST,
        "fetch.seconds",
        "Mean duration of a fetch, of the slowest consumer",
        MILLIS),
    REBALANCES(
        "consumer-coordinator-metrics",
        "rebalance-rate-per-hour",
        Fold.MOST,
        "rebalances.per.hour",
        "How often partitions were handed out anew"),
    PRODUCED_RECORDS(
        "producer-metrics",
        "record-send-rate",
        Fold.SUM,
        "produced.records.per.second",
        "Records sent to Kafka"),
    PRODUCED_BYTES(
        "producer-metrics",
        "outgoing-byte-rate",
        Fold.SUM,
        "produced.bytes.per.second",
        "Bytes sent to Kafka"),
    PRODUCE_LATENCY(
        "producer-metrics",
        "request-latency-avg",
        Fold.MOST,
        "produce.seconds",
        "Mean duration of a request of the slowest producer",
        MILLIS),
    PRODUCE_ERRORS(
        "producer-metrics",
        "record-error-rate",
        Fold.SUM,
        "produce.errors.per.second",
        "Records that Kafka did not take"),
    PRODUCE_RETRIES(
        "producer-metrics",
        "record-retry-rate",
        Fold.SUM,
        "produce.retries.per.second",
        "Records that were sent once more"),
    PRODUCER_BUFFER(
        "producer-metrics",
        "buffer-total-bytes",
        Fold.SUM,
        "producer.buffer.bytes",
        "Memory for records on their way to Kafka"),
    PRODUCER_BUFFER_FREE(
        "producer-metrics",
        "buffer-available-bytes",
        Fold.SUM,
        "producer.buffer.free.bytes",
        "How much of that is free"),
    THREADS(
        "stream-metrics",
        "alive-stream-threads",
        Fold.SUM,
        "stream.threads",
        "Stream threads that live"),
    THREADS_FAILED(
        "stream-metrics",
        "failed-stream-threads",
        Fold.SUM,
        "stream.threads.failed",
        "Stream threads that died since the start; each is replaced where the store was away"),
    PROCESSED(
        "stream-thread-metrics",
        "process-rate",
        Fold.SUM,
        "processed.records.per.second",
        "Records that were worked on"),
    COMMIT_LATENCY(
        "stream-thread-metrics",
        "commit-latency-max",
        Fold.MOST,
        "commit.seconds",
        "The longest commit lately",
        MILLIS),
    RESTORING(
        "stream-state-updater-metrics",
        "active-restoring-tasks",
        Fold.SUM,
        "restoring.tasks",
        "Partitions whose state is read from Kafka before work goes on");

    private final String group;
    private final String name;
    private final Fold fold;
    private final String meter;
    private final String description;
    private final double scale;

    Figure(String group, String name, Fold fold, String meter, String description) {
      this(group, name, fold, meter, description, 1);
    }

    Figure(String group, String name, Fold fold, String meter, String description, double scale) {
      this.group = group;
      this.name = name;
      this.fold = fold;
      this.meter = meter;
      this.description = description;
      this.scale = scale;
    }

    MetricKey key() {
      return new MetricKey(group, name);
    }
  }
}
