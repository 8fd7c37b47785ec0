package io.castore.gc.simulation;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.StateStoreContext;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * A state store with a changelog: a write counts at once for the task, and reaches the changelog
 * some time later, in order. A crash leaves what the changelog has.
 */
public final class LoggedStore<K extends Comparable<K>, V> implements KeyValueStore<K, V> {
  private final String name;
  private NavigableMap<K, V> entries = new TreeMap<>();
  private final NavigableMap<K, V> logged = new TreeMap<>();
  private final List<KeyValue<K, @Nullable V>> onTheirWay = new ArrayList<>();

  public LoggedStore(String name) {
    this.name = name;
  }

  /** How many writes have not reached the changelog. */
  public int onTheirWay() {
    return onTheirWay.size();
  }

  /** Has the first few writes reach the changelog. */
  public void deliver(int count) {
    List<KeyValue<K, @Nullable V>> arrived = onTheirWay.subList(0, count);
    for (KeyValue<K, @Nullable V> write : arrived) {
      if (write.value == null) {
        logged.remove(write.key);
      } else {
        logged.put(write.key, write.value);
      }
    }
    arrived.clear();
  }

  /** Loses what has not reached the changelog. */
  public void crash() {
    onTheirWay.clear();
    entries = new TreeMap<>(logged);
  }

  @Override
  public void put(K key, @Nullable V value) {
    onTheirWay.add(new KeyValue<>(key, value));
    if (value == null) {
      entries.remove(key);
    } else {
      entries.put(key, value);
    }
  }

  @Override
  public V putIfAbsent(K key, V value) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void putAll(List<KeyValue<K, V>> all) {
    all.forEach(one -> put(one.key, one.value));
  }

  @Override
  @SuppressWarnings("NullAway") // a store gives null where there is nothing
  public V delete(K key) {
    V before = entries.get(key);
    put(key, null);
    return before;
  }

  @Override
  @SuppressWarnings("NullAway") // a store gives null where there is nothing
  public V get(K key) {
    return entries.get(key);
  }

  @Override
  public KeyValueIterator<K, V> range(K from, K to) {
    return iterate(new TreeMap<>(entries.subMap(from, true, to, true)));
  }

  @Override
  public KeyValueIterator<K, V> all() {
    return iterate(new TreeMap<>(entries));
  }

  private KeyValueIterator<K, V> iterate(Map<K, V> snapshot) {
    Iterator<Map.Entry<K, V>> rest = snapshot.entrySet().iterator();
    return new KeyValueIterator<>() {
      @Override
      public void close() {}

      @Override
      public K peekNextKey() {
        throw new UnsupportedOperationException();
      }

      @Override
      public boolean hasNext() {
        return rest.hasNext();
      }

      @Override
      public KeyValue<K, V> next() {
        Map.Entry<K, V> next = rest.next();
        return KeyValue.pair(next.getKey(), next.getValue());
      }
    };
  }

  @Override
  public long approximateNumEntries() {
    return entries.size();
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public void init(StateStoreContext context, @Nullable StateStore root) {}

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
