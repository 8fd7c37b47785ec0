package io.castore.content.objectstore;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Clock;
import java.time.Instant;
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
  private final ConcurrentSkipListMap<String, Kept> objects = new ConcurrentSkipListMap<>();
  private final Clock clock;

  /** Makes an empty store. */
  public MemoryObjectStore() {
    this(Clock.systemUTC());
  }

  /**
   * Makes an empty store.
   *
   * @param clock tells when objects are written
   */
  public MemoryObjectStore(Clock clock) {
    this.clock = clock;
  }

  @Override
  public String url() {
    return new StoreUrl.Memory().toString();
  }

  @Override
  public void probe() {}

  @Override
  public Optional<InputStream> open(String key) {
    return Optional.ofNullable(objects.get(ObjectKeys.require(key)))
        .map(object -> new ByteArrayInputStream(object.bytes));
  }

  @Override
  public Optional<ObjectInfo> stat(String key) {
    return Optional.ofNullable(objects.get(ObjectKeys.require(key)))
        .map(object -> object.info(key));
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

  private Kept read(String key, ObjectBody body) throws IOException {
    try (SizedBody source = SizedBody.open(key, body)) {
      return new Kept(source.readAll(), clock.instant());
    }
  }

  @Override
  public void delete(String key) {
    objects.remove(ObjectKeys.require(key));
  }

  @Override
  public void list(String keyPrefix, Visitor visitor) throws IOException {
    ObjectKeys.requirePrefix(keyPrefix);
    for (Map.Entry<String, Kept> object : objects.tailMap(keyPrefix, true).entrySet()) {
      if (!object.getKey().startsWith(keyPrefix)) {
        return;
      }
      visitor.visit(object.getValue().info(object.getKey()));
    }
  }

  @Override
  public void close() {}

  private static final class Kept {
    private final byte[] bytes;
    private final Instant writtenAt;

    Kept(byte[] bytes, Instant writtenAt) {
      this.bytes = bytes;
      this.writtenAt = writtenAt;
    }

    ObjectInfo info(String key) {
      return new ObjectInfo(key, bytes.length, writtenAt);
    }
  }
}
