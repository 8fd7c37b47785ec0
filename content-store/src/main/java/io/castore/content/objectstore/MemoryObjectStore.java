package io.castore.content.objectstore;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * Keeps objects in this process's memory, for tests and trials. Nothing outlives the instance, and
 * each instance is a store of its own. Lists in the order of keys.
 *
 * <p>Safe for use by many threads.
 */
public final class MemoryObjectStore implements ObjectStore {
  private final ConcurrentSkipListMap<String, byte[]> objects = new ConcurrentSkipListMap<>();

  /** Makes an empty store. */
  public MemoryObjectStore() {}

  @Override
  public String url() {
    return new StoreUrl.Memory().toString();
  }

  @Override
  public void probe() {}

  @Override
  public Optional<InputStream> open(String key) {
    return Optional.ofNullable(objects.get(ObjectKeys.require(key))).map(ByteArrayInputStream::new);
  }

  @Override
  public Optional<ObjectInfo> stat(String key) {
    return Optional.ofNullable(objects.get(ObjectKeys.require(key)))
        .map(bytes -> new ObjectInfo(key, bytes.length));
  }

  @Override
  public void put(String key, ObjectBody body) throws IOException {
    ObjectKeys.require(key);
    objects.put(key, read(key, body));
  }

  @Override
  public boolean putIfAbsent(String key, ObjectBody body) throws IOException {
    ObjectKeys.require(key);
    return !objects.containsKey(key) && objects.putIfAbsent(key, read(key, body)) == null;
  }

  private static byte[] read(String key, ObjectBody body) throws IOException {
    try (SizedBody source = SizedBody.open(key, body)) {
      return source.readAll();
    }
  }

  @Override
  public void list(String keyPrefix, Visitor visitor) throws IOException {
    ObjectKeys.requirePrefix(keyPrefix);
    for (Map.Entry<String, byte[]> object : objects.tailMap(keyPrefix, true).entrySet()) {
      if (!object.getKey().startsWith(keyPrefix)) {
        return;
      }
      visitor.visit(new ObjectInfo(object.getKey(), object.getValue().length));
    }
  }

  @Override
  public void close() {}
}
