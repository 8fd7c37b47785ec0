package io.castore.chunker;

import io.castore.content.objectstore.MemoryObjectStore;
import io.castore.content.objectstore.ObjectBody;
import io.castore.content.objectstore.ObjectRemover;
import io.castore.content.objectstore.ObjectWriter;
import io.castore.content.objectstore.StoreRefusedException;
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
final class FallibleWriter implements ObjectWriter, ObjectRemover {
  /** What a PUT that is held back waits for. */
  interface Gate {
    void pass() throws InterruptedException;
  }

  private final MemoryObjectStore objects = new MemoryObjectStore();
  private final List<String> begun = new CopyOnWriteArrayList<>();
  private final List<String> puts = new CopyOnWriteArrayList<>();
  private final Map<String, Gate> gates = new ConcurrentHashMap<>();
  private final List<String> deletes = new CopyOnWriteArrayList<>();
  private volatile boolean away;
  private volatile boolean refusing;

  void goAway() {
    away = true;
  }

  void comeBack() {
    away = false;
  }

  /** Has PUTs and deletes of an object wait. */
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

  /** The keys of all PUTs and deletes that were begun. */
  List<String> begun() {
    return begun;
  }

  /** The keys that were written, in order. */
  List<String> puts() {
    return puts;
  }

  /** The keys that were removed, in order. */
  List<String> deletes() {
    return deletes;
  }

  /** Has deletes refused. */
  void refuseDeletes() {
    refusing = true;
  }

  boolean holds(String key) {
    return objects.stat(key).isPresent();
  }

  /** Puts an object there as another program would. */
  void adopt(String key, byte[] content) throws IOException {
    objects.put(key, ObjectBody.of(content));
  }

  byte[] object(String key) throws IOException {
    try (InputStream in = objects.open(key).orElseThrow()) {
      return in.readAllBytes();
    }
  }

  @Override
  public void put(String key, ObjectBody body) throws IOException {
    begin(key);
    objects.put(key, body);
    puts.add(key);
  }

  private void begin(String key) throws IOException {
    begun.add(key);
    try {
      gates.getOrDefault(key, () -> {}).pass();
    } catch (InterruptedException interrupted) {
      throw new InterruptedIOException();
    }
    if (away) {
      throw new StoreUnavailableException("the store is away", null);
    }
  }

  @Override
  public void delete(String key) throws IOException {
    begin(key);
    if (refusing) {
      throw new StoreRefusedException("access denied", null);
    }
    objects.delete(key);
    deletes.add(key);
  }

  @Override
  public boolean putIfAbsent(String key, ObjectBody body) {
    throw new UnsupportedOperationException("chunks are put");
  }
}
