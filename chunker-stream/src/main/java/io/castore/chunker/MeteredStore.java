package io.castore.chunker;

import io.castore.content.objectstore.ObjectBody;
import io.castore.content.objectstore.ObjectRemover;
import io.castore.content.objectstore.ObjectWriter;
import java.io.IOException;

/**
 * A store whose PUTs are timed and counted. Safe for use by many threads.
 *
 * @param store does the work
 */
record MeteredStore<S extends ObjectWriter & ObjectRemover>(S store, ChunkerMeters meters)
    implements ObjectWriter, ObjectRemover {
  @Override
  public void put(String key, ObjectBody body) throws IOException {
    long begin = System.nanoTime();
    boolean acknowledged = false;
    meters.putBegins();
    try {
      store.put(key, body);
      acknowledged = true;
    } finally {
      meters.putEnded(acknowledged, System.nanoTime() - begin);
    }
  }

  @Override
  public boolean putIfAbsent(String key, ObjectBody body) throws IOException {
    return store.putIfAbsent(key, body);
  }

  @Override
  public void delete(String key) throws IOException {
    store.delete(key);
  }
}
