package io.castore.audit.verify;

import io.castore.content.objectstore.ObjectBody;
import io.castore.content.objectstore.ObjectInfo;
import io.castore.content.objectstore.ObjectStore;
import io.castore.content.objectstore.StoreUnavailableException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** A store that is away when an object of it is read, and counts what is opened. */
final class StoppableStore implements ObjectStore {
  private final ObjectStore store;
  private final String key;
  private final Map<String, Integer> opened = new ConcurrentHashMap<>();
  private volatile boolean away = true;

  StoppableStore(ObjectStore store, String key) {
    this.store = store;
    this.key = key;
  }

  void goOn() {
    away = false;
  }

  int opened(String object) {
    return opened.getOrDefault(object, 0);
  }

  @Override
  public Optional<InputStream> open(String object) throws IOException {
    if (away && object.equals(key)) {
      throw new StoreUnavailableException("the store is away", null);
    }
    opened.merge(object, 1, Integer::sum);
    return store.open(object);
  }

  @Override
  public String url() {
    return store.url();
  }

  @Override
  public void probe() throws IOException {
    store.probe();
  }

  @Override
  public Optional<ObjectInfo> stat(String object) throws IOException {
    return store.stat(object);
  }

  @Override
  public void put(String object, ObjectBody body) throws IOException {
    store.put(object, body);
  }

  @Override
  public boolean putIfAbsent(String object, ObjectBody body) throws IOException {
    return store.putIfAbsent(object, body);
  }

  @Override
  public void delete(String object) throws IOException {
    store.delete(object);
  }

  @Override
  public void list(String keyPrefix, Visitor visitor) throws IOException {
    store.list(keyPrefix, visitor);
  }

  @Override
  public void close() {}
}
