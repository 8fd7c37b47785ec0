package io.castore.chunker;

import io.castore.content.digest.Digest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.StateStoreContext;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/** A store of a task with its changelog, of which a crash leaves as much as is wanted. */
final class MapStore<V> implements KeyValueStore<Digest, V> {
  private record Change<V>(Digest key, @Nullable V value) {}

  private final Map<Digest, V> durable = new HashMap<>();
  private final List<Change<V>> sent = new ArrayList<>();
  private final Map<Digest, V> current = new HashMap<>();

  /** Makes durable what was sent so far. */
  void makeDurable() {
    keep(sent.size());
  }

  /** Loses everything but what was durable and the first few changes after that. */
  void crash(int changes) {
    keep(Math.min(changes, sent.size()));
    current.clear();
    current.putAll(durable);
  }

  private void keep(int changes) {
    sent.subList(0, changes).forEach(change -> apply(durable, change.key(), change.value()));
    sent.clear();
  }

  private static <V> void apply(Map<Digest, V> map, Digest key, @Nullable V value) {
    if (value == null) {
      map.remove(key);
    } else {
      map.put(key, value);
    }
  }

  @Override
  public void put(Digest key, @Nullable V value) {
    sent.add(new Change<>(key, value));
    apply(current, key, value);
  }

  @Override
  @SuppressWarnings("NullAway") // as the interface says, though without the annotation
  public @Nullable V get(Digest key) {
    return current.get(key);
  }

  @Override
  @SuppressWarnings("NullAway") // as the interface says, though without the annotation
  public @Nullable V delete(Digest key) {
    V before = current.get(key);
    put(key, null);
    return before;
  }

  @Override
  public V putIfAbsent(Digest key, V value) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void putAll(List<KeyValue<Digest, V>> entries) {
    throw new UnsupportedOperationException();
  }

  @Override
  public KeyValueIterator<Digest, V> range(Digest from, Digest to) {
    throw new UnsupportedOperationException();
  }

  @Override
  public KeyValueIterator<Digest, V> all() {
    throw new UnsupportedOperationException();
  }

  @Override
  public long approximateNumEntries() {
    return current.size();
  }

  @Override
  public String name() {
    return "map";
  }

  @Override
  public void init(StateStoreContext context, StateStore root) {}

  @Override
  public void close() {}

  @Override
  public boolean persistent() {
    return true;
  }

  @Override
  public boolean isOpen() {
    return true;
  }
}
