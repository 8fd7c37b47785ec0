package io.castore.index;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.StateStoreContext;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * A state store of which a crash leaves what was committed and, of what was written since, the
 * first few writes: what its changelog holds then.
 */
final class CrashableStore<K extends Comparable<K>, V> implements KeyValueStore<K, V> {
  private NavigableMap<K, V> entries = new TreeMap<>();
  private final NavigableMap<K, V> changelog = new TreeMap<>();
  private final List<Consumer<Map<K, V>>> onTheWay = new ArrayList<>();

  /** Has all that was written in the changelog. */
  void commit() {
    onTheWay.forEach(write -> write.accept(changelog));
    onTheWay.clear();
  }

  /** Loses all but the first {@code kept} of {@code of} parts of the uncommitted writes. */
  void crash(int kept, int of) {
    crashInPlace(kept, of);
    entries = new TreeMap<>(changelog);
  }

  /**
   * Loses the same from its changelog alone: what was written stays, and is lost in the next crash.
   */
  void crashInPlace(int kept, int of) {
    onTheWay.subList(onTheWay.size() * kept / of, onTheWay.size()).clear();
    commit();
  }

  int size() {
    return entries.size();
  }

  @Override
  public void put(K key, V value) {
    write(to -> to.put(key, value));
  }

  private void write(Consumer<Map<K, V>> change) {
    onTheWay.add(change);
    change.accept(entries);
  }

  @Override
  public V putIfAbsent(K key, V value) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void putAll(List<KeyValue<K, V>> all) {
    throw new UnsupportedOperationException();
  }

  @Override
  @SuppressWarnings("NullAway") // a store gives null where there is nothing
  public V delete(K key) {
    V before = entries.get(key);
    write(to -> to.remove(key));
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
    return size();
  }

  @Override
  public String name() {
    return "crashable";
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
