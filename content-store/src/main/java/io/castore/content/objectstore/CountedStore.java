package io.castore.content.objectstore;

import java.io.IOException;
import java.io.InputStream;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;

/**
 * Counts what is asked of a store, as it is asked: that a request is made again, or that a large
 * object goes in parts, is the store's own affair. What fails counts, too.
 *
 * <p>Safe for use by many threads.
 */
public final class CountedStore implements ObjectStore {
  private final ObjectStore store;
  private final Map<StoreOperation, LongAdder> counts = new EnumMap<>(StoreOperation.class);

  /** Begins at 0. The store is closed with this. */
  public CountedStore(ObjectStore store) {
    this.store = store;
    for (StoreOperation operation : StoreOperation.values()) {
      counts.put(operation, new LongAdder());
    }
  }

  /** Tells how often an operation was asked for. */
  public long count(StoreOperation operation) {
    return adder(operation).sum();
  }

  @Override
  public String url() {
    return store.url();
  }

  @Override
  public void probe() throws IOException {
    add(StoreOperation.LIST);
    store.probe();
  }

  @Override
  public Optional<InputStream> open(String key) throws IOException {
    add(StoreOperation.GET);
    return store.open(key);
  }

  @Override
  public Optional<byte[]> readStart(String key, int length) throws IOException {
    add(StoreOperation.GET);
    return store.readStart(key, length);
  }

  @Override
  public Optional<ObjectInfo> stat(String key) throws IOException {
    add(StoreOperation.HEAD);
    return store.stat(key);
  }

  @Override
  public void put(String key, ObjectBody body) throws IOException {
    add(StoreOperation.PUT);
    store.put(key, body);
  }

  @Override
  public boolean putIfAbsent(String key, ObjectBody body) throws IOException {
    add(StoreOperation.PUT);
    return store.putIfAbsent(key, body);
  }

  @Override
  public void delete(String key) throws IOException {
    add(StoreOperation.DELETE);
    store.delete(key);
  }

  @Override
  public void list(String keyPrefix, Visitor visitor) throws IOException {
    add(StoreOperation.LIST);
    store.list(keyPrefix, visitor);
  }

  @Override
  public void close() {
    store.close();
  }

  private void add(StoreOperation operation) {
    adder(operation).increment();
  }

  private LongAdder adder(StoreOperation operation) {
    LongAdder adder = counts.get(operation);
    if (adder == null) {
      throw new IllegalStateException("operation: " + operation + " (expected: one that is known)");
    }
    return adder;
  }
}
