package io.castore.content.blob;

import io.castore.content.objectstore.ObjectBody;
import io.castore.content.objectstore.ObjectInfo;
import io.castore.content.objectstore.ObjectReader;
import io.castore.content.objectstore.ObjectWriter;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Objects in a map, and a note of each that was opened. */
public final class MapObjects implements ObjectReader, ObjectWriter {
  private final Map<String, byte[]> objects = new ConcurrentHashMap<>();
  private final List<String> opened = new ArrayList<>();

  /** Puts an object there, or another in its place. */
  public MapObjects with(String key, byte[] content) {
    objects.put(key, content);
    return this;
  }

  /** Takes an object away. */
  public void remove(String key) {
    objects.remove(key);
  }

  /** Gives the keys that were opened since the last call. */
  public synchronized List<String> opened() {
    List<String> keys = List.copyOf(opened);
    opened.clear();
    return keys;
  }

  @Override
  public synchronized Optional<InputStream> open(String key) {
    opened.add(key);
    return Optional.ofNullable(objects.get(key)).map(ByteArrayInputStream::new);
  }

  @Override
  public Optional<ObjectInfo> stat(String key) {
    return Optional.ofNullable(objects.get(key))
        .map(content -> new ObjectInfo(key, content.length, Instant.EPOCH));
  }

  @Override
  public void put(String key, ObjectBody body) throws IOException {
    objects.put(key, read(body));
  }

  @Override
  public boolean putIfAbsent(String key, ObjectBody body) throws IOException {
    return objects.putIfAbsent(key, read(body)) == null;
  }

  private static byte[] read(ObjectBody body) throws IOException {
    try (InputStream in = body.open()) {
      return in.readAllBytes();
    }
  }
}
