package io.castore.index;

import io.castore.content.objectstore.MemoryObjectStore;
import io.castore.content.objectstore.ObjectBody;
import io.castore.content.objectstore.ObjectInfo;
import io.castore.content.objectstore.ObjectStore;
import io.castore.content.objectstore.StoreUnavailableException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/** A store in memory that can be made to give no answer. */
final class FallibleStore implements ObjectStore {
  private final MemoryObjectStore objects = new MemoryObjectStore();
  private boolean away;
  private int writes;

  void goAway() {
    away = true;
  }

  void comeBack() {
    away = false;
  }

  /** How often an object was written. */
  int writes() {
    return writes;
  }

  private MemoryObjectStore objects() throws IOException {
    if (away) {
      throw new StoreUnavailableException("the store is away", null);
    }
    return objects;
  }

  @Override
  public String url() {
    return objects.url();
  }

  @Override
  public void probe() throws IOException {
    objects().probe();
  }

  @Override
  public Optional<InputStream> open(String key) throws IOException {
    return objects().open(key);
  }

  @Override
  public Optional<ObjectInfo> stat(String key) throws IOException {
    return objects().stat(key);
  }

  @Override
  public void put(String key, ObjectBody body) throws IOException {
    objects().put(key, body);
    writes++;
  }

  @Override
  public boolean putIfAbsent(String key, ObjectBody body) throws IOException {
    boolean written = objects().putIfAbsent(key, body);
    if (written) {
      writes++;
    }
    return written;
  }

  @Override
  public void delete(String key) throws IOException {
    objects().delete(key);
  }

  @Override
  public void list(String keyPrefix, Visitor visitor) throws IOException {
    objects().list(keyPrefix, visitor);
  }

  @Override
  public void close() {
    objects.close();
  }
}
