package io.castore.gc.simulation;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.streams.processor.TaskId;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.internals.RecordCollector;

/**
 * Runs a real processor as a stream task does: records in the order of each topic; what it writes
 * and sends is on its way for a while, in the order of each destination; a commit waits for all of
 * that; and after a crash the records since the last commit come again.
 */
public final class SimulatedTask {
  private final Supplier<Processor<byte[], byte[], Object, Object>> processors;
  private final Map<String, LoggedStore<?, ?>> stores = new LinkedHashMap<>();
  private final Map<String, Destination> destinations = new LinkedHashMap<>();
  private final List<SimulatedTopic> inputs;
  private final Map<SimulatedTopic, Long> positions = new HashMap<>();
  private final Map<SimulatedTopic, Long> committed = new HashMap<>();
  private final Path stateDir;
  private final LongSupplier clock;
  private final RandomGenerator random;
  private Processor<byte[], byte[], Object, Object> processor;
  private MockProcessorContext<Object, Object> context;
  private Runnable beforeCommit = () -> {};
  private int flushes;

  /** Where a sink sends to. */
  private record Destination(
      SimulatedTopic topic,
      Serializer<Object> keys,
      Serializer<Object> values,
      List<SimulatedTopic.Entry> onTheirWay) {}

  @SuppressWarnings("NullAway.Init") // made by start
  public SimulatedTask(
      Supplier<Processor<byte[], byte[], Object, Object>> processors,
      List<LoggedStore<?, ?>> stores,
      List<SimulatedTopic> inputs,
      Path stateDir,
      LongSupplier clock,
      RandomGenerator random) {
    this.processors = processors;
    stores.forEach(store -> this.stores.put(store.name(), store));
    this.inputs = inputs;
    this.stateDir = stateDir;
    this.clock = clock;
    this.random = random;
    inputs.forEach(input -> committed.put(input, 0L));
  }

  /** Has a sink send to a topic. Sinks that are not named lead nowhere. */
  @SuppressWarnings("unchecked")
  public <K, V> SimulatedTask sink(
      String node, SimulatedTopic topic, Serializer<K> keys, Serializer<V> values) {
    destinations.put(
        node,
        new Destination(
            topic, (Serializer<Object>) keys, (Serializer<Object>) values, new ArrayList<>()));
    return this;
  }

  /** Starts, from what the changelogs have. */
  public SimulatedTask start() {
    positions.putAll(committed);
    Properties settings = new Properties();
    settings.put("application.id", "simulated");
    settings.put("bootstrap.servers", "none:1");
    File directory = stateDir.toFile();
    context = new Context(settings, directory);
    stores.values().forEach(context::addStateStore);
    context.setCurrentSystemTimeMs(clock.getAsLong());
    processor = processors.get();
    processor.init(context);
    return this;
  }

  private final class Context extends MockProcessorContext<Object, Object> {
    Context(Properties settings, File directory) {
      super(settings, new TaskId(0, 0), directory);
    }

    @Override
    public RecordCollector recordCollector() {
      return (RecordCollector)
          java.lang.reflect.Proxy.newProxyInstance(
              RecordCollector.class.getClassLoader(),
              new Class<?>[] {RecordCollector.class},
              (proxy, method, arguments) -> {
                if (!method.getName().equals("flush")) {
                  throw new UnsupportedOperationException(method.getName());
                }
                flushes++;
                deliverAll();
                return null;
              });
    }
  }

  /** How often the processor waited for what it had sent. */
  public int flushes() {
    return flushes;
  }

  /** Whether a record waits. */
  public boolean hasRecords() {
    return inputs.stream().anyMatch(this::hasRecords);
  }

  private boolean hasRecords(SimulatedTopic input) {
    return positions.getOrDefault(input, 0L) < input.end();
  }

  /** Takes one record of any input that has one. */
  public void step() {
    List<SimulatedTopic> ready = inputs.stream().filter(this::hasRecords).toList();
    if (ready.isEmpty()) {
      return;
    }
    SimulatedTopic input = ready.get(random.nextInt(ready.size()));
    long offset = positions.getOrDefault(input, 0L);
    SimulatedTopic.Entry entry = input.at(offset);
    context.setCurrentSystemTimeMs(clock.getAsLong());
    context.setRecordMetadata(input.name(), 0, offset);
    processor.process(record(entry));
    positions.put(input, offset + 1);
    takeForwards();
  }

  @SuppressWarnings("NullAway") // a record may lack a key or a value
  private static Record<byte[], byte[]> record(SimulatedTopic.Entry entry) {
    return new Record<>(entry.key(), entry.value(), entry.timestamp());
  }

  /** Lets the processor do what it does from time to time. */
  public void punctuate() {
    context.setCurrentSystemTimeMs(clock.getAsLong());
    context.scheduledPunctuators().forEach(one -> one.getPunctuator().punctuate(clock.getAsLong()));
    takeForwards();
  }

  private void takeForwards() {
    for (MockProcessorContext.CapturedForward<?, ?> forward : List.copyOf(context.forwarded())) {
      Destination to = destinations.get(forward.childName().orElse(""));
      if (to != null) {
        to.onTheirWay()
            .add(
                new SimulatedTopic.Entry(
                    to.keys().serialize(to.topic().name(), forward.record().key()),
                    to.values().serialize(to.topic().name(), forward.record().value()),
                    forward.record().timestamp()));
      }
    }
    context.resetForwards();
  }

  /** Has a part of what is on its way arrive. */
  public void deliverSome() {
    for (LoggedStore<?, ?> store : stores.values()) {
      store.deliver(random.nextInt(store.onTheirWay() + 1));
    }
    for (Destination to : destinations.values()) {
      deliver(to, random.nextInt(to.onTheirWay().size() + 1));
    }
  }

  private void deliverAll() {
    takeForwards();
    stores.values().forEach(store -> store.deliver(store.onTheirWay()));
    destinations.values().forEach(to -> deliver(to, to.onTheirWay().size()));
  }

  private static void deliver(Destination to, int count) {
    List<SimulatedTopic.Entry> arrived = to.onTheirWay().subList(0, count);
    arrived.forEach(one -> to.topic().append(one.key(), one.value(), one.timestamp()));
    arrived.clear();
  }

  /** Has something done in each commit, before all else. */
  public SimulatedTask beforeCommit(Runnable action) {
    beforeCommit = action;
    return this;
  }

  /** Begins a commit, and does not come to its end. */
  public void beginCommit() {
    context.setCurrentSystemTimeMs(clock.getAsLong());
    beforeCommit.run();
    takeForwards();
    deliverSome();
  }

  /** Makes a commit. */
  public void commit() {
    context.setCurrentSystemTimeMs(clock.getAsLong());
    beforeCommit.run();
    deliverAll();
    committed.putAll(positions);
  }

  /** The offset after what is done with of a topic. */
  public long committed(SimulatedTopic input) {
    return committed.getOrDefault(input, 0L);
  }

  /** Dies, with a part of what was on its way arrived, and starts again. */
  public void crash() {
    deliverSome();
    stores.values().forEach(LoggedStore::crash);
    destinations.values().forEach(to -> to.onTheirWay().clear());
    start();
  }
}
