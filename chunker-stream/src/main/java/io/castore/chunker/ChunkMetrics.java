package io.castore.chunker;

import io.castore.proto.pipeline.ChunkReceipt.Result;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.metrics.Sensor;
import org.apache.kafka.common.metrics.Sensor.RecordingLevel;
import org.apache.kafka.common.metrics.stats.CumulativeSum;
import org.apache.kafka.common.metrics.stats.Rate;
import org.apache.kafka.common.metrics.stats.Value;
import org.apache.kafka.streams.StreamsMetrics;
import org.apache.kafka.streams.processor.api.ProcessorContext;

/**
 * What a task counts, among the metrics of Kafka Streams: group {@code stream-chunker-metrics},
 * tags {@code thread-id} and {@code chunker-id}, which is the task.
 *
 * <table>
 *   <caption>Metrics</caption>
 *   <tr><td>{@code put-latency-avg}, {@code -max}</td><td>duration of a PUT, in milliseconds</td></tr>
 *   <tr><td>{@code put-rate}, {@code -total}</td><td>PUTs that were acknowledged</td></tr>
 *   <tr><td>{@code puts-in-flight}</td><td>chunks on their way to the store</td></tr>
 *   <tr><td>{@code stored-}, {@code deduplicated-}, {@code missing-}, {@code rejected-}, {@code
 *       claimed-rate}, {@code -total}</td><td>receipts of each kind</td></tr>
 *   <tr><td>{@code collected-}, {@code kept-}, {@code delete-failed-rate}, {@code -total}</td><td>
 *       objects that were to be collected: gone, kept because they were used since, and left though
 *       they were to go</td></tr>
 *   <tr><td>{@code stored-bytes-rate}, {@code -total}</td><td>bytes of objects that were written</td></tr>
 * </table>
 *
 * <p>Rates are per second. Each is counted in the {@link ChunkerMeters} of the process, too. Used
 * by the thread that runs the task.
 */
final class ChunkMetrics {
  private static final String SCOPE = "chunker";
  private static final String GROUP = "stream-chunker-metrics";

  private final StreamsMetrics metrics;
  private final ChunkerMeters meters;
  private final String task;
  private final List<Sensor> sensors = new ArrayList<>();
  private final Map<Result, Sensor> receipts = new EnumMap<>(Result.class);
  private final Sensor collected;
  private final Sensor kept;
  private final Sensor deleteFailed;
  private final Sensor put;
  private final Sensor putsInFlight;
  private final Sensor storedBytes;
  private long knownChunks;

  /** Adds the metrics of a task, in the thread that is going to run it. */
  ChunkMetrics(ProcessorContext<?, ?> context, ChunkerMeters meters) {
    metrics = context.metrics();
    this.meters = meters;
    task = context.taskId().toString();
    for (Result result :
        List.of(
            Result.STORED, Result.DEDUPLICATED, Result.MISSING, Result.REJECTED, Result.CLAIMED)) {
      String name = result.name().toLowerCase(Locale.ROOT);
      receipts.put(result, counter(name));
    }
    collected = counter("collected");
    kept = counter("kept");
    deleteFailed = counter("delete-failed");
    put = keep(metrics.addLatencyRateTotalSensor(SCOPE, task, "put", RecordingLevel.INFO));
    putsInFlight = sensor("puts-in-flight");
    putsInFlight.add(name("puts-in-flight", "Chunks on their way to the store"), new Value());
    storedBytes = sensor("stored-bytes");
    storedBytes.add(
        name("stored-bytes-rate", "Bytes of objects that were written, per second"), new Rate());
    storedBytes.add(
        name("stored-bytes-total", "Bytes of objects that were written"), new CumulativeSum());
  }

  private Sensor counter(String name) {
    return keep(metrics.addRateTotalSensor(SCOPE, task, name, RecordingLevel.INFO));
  }

  private Sensor sensor(String name) {
    String thread = Thread.currentThread().getName();
    return keep(
        metrics.addSensor(String.join(".", thread, SCOPE, task, name), RecordingLevel.INFO));
  }

  private Sensor keep(Sensor sensor) {
    sensors.add(sensor);
    return sensor;
  }

  private MetricName name(String name, String description) {
    return new MetricName(
        name,
        GROUP,
        description,
        Map.of("thread-id", Thread.currentThread().getName(), SCOPE + "-id", task));
  }

  /** Counts a PUT that was acknowledged. */
  void stored(long bytes, Duration took) {
    put.record((double) took.toNanos() / 1e6);
    storedBytes.record((double) bytes);
    meters.stored(bytes);
  }

  /** Counts a receipt for a chunk of so many raw bytes. */
  void answered(Result result, long rawBytes) {
    meters.answered(result, rawBytes);
    Sensor sensor = receipts.get(result);
    if (sensor != null) {
      sensor.record();
    }
  }

  /** Counts an object that was collected. */
  void collected() {
    collected.record();
    meters.collected();
  }

  /** Counts an object that was to be collected and is in use. */
  void kept() {
    kept.record();
    meters.kept();
  }

  /** Counts an object that was to go and may still be there. */
  void deleteFailed() {
    deleteFailed.record();
    meters.deleteFailed();
  }

  /** Sets how many chunks are on their way. */
  void inFlight(int chunks) {
    putsInFlight.record(chunks);
  }

  /** Sets how many chunks the task knows to be stored. */
  void knows(long chunks) {
    meters.knowsMore(chunks - knownChunks);
    knownChunks = chunks;
  }

  /** Takes the metrics away. */
  void close() {
    knows(0);
    sensors.forEach(metrics::removeSensor);
  }
}
