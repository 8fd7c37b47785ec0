package io.castore.chunker;

import io.castore.content.objectstore.MemoryObjectStore;
import io.castore.content.objectstore.ObjectBody;
import io.castore.content.objectstore.ObjectWriter;
import io.castore.content.objectstore.StoreUnavailableException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A store in memory that notes what is written, and can be made to hold a PUT back or to give no
 * answer.
 */
final class FallibleWriter implements ObjectWriter {
  /** What a PUT that is held back waits for. */
  interface Gate {
    void pass() throws InterruptedException;
  }

  private final MemoryObjectStore objects = new MemoryObjectStore();
  private final List<String> begun = new CopyOnWriteArrayList<>();
  private final List<String> puts = new CopyOnWriteArrayList<>();
  private final Map<String, Gate> gates = new ConcurrentHashMap<>();
  private volatile boolean away;

  void goAway() {
    away = true;
  }

  void comeBack() {
    away = false;
  }

  /** Has PUTs of an object wait. */
  void holdBack(String key, Gate gate) {
    gates.put(key, gate);
  }

  /** Has PUTs of an object wait until the latch that is returned opens, for at most a minute. */
  CountDownLatch holdBack(String key) {
    CountDownLatch latch = new CountDownLatch(1);
    holdBack(
        key,
        () -> {
          if (!latch.await(1, TimeUnit.MINUTES)) {
            throw new IllegalStateException("was never let go");
          }
        });
    return latch;
  }

  /** The keys of all PUTs that were begun. */
  List<String> begun() {
    return begun;
  }

  /** The keys that were written, in order. */
  List<String> puts() {
    return puts;
  }

  byte[] object(String key) throws IOException {
    try (InputStream in = objects.open(key).orElseThrow()) {
      return in.readAllBytes();
    }
  }

  @Override
  public void put(String key, ObjectBody body) throws IOException {
    begun.add(key);
    try {
      gates.getOrDefault(key, () -> {}).pass();
    } catch (InterruptedException interrupted) {
      throw new InterruptedIOException();
    }
    if (away) {
      throw new StoreUnavailableException("the store is away", null);
    }
    objects.put(key, body);
    puts.add(key);
  }

  @Override
  public boolean putIfAbsent(String key, ObjectBody body) {
    throw new UnsupportedOperationException("chunks are put");
  }
}
