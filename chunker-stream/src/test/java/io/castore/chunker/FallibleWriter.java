package io.castore.chunker;

import io.castore.content.objectstore.MemoryObjectStore;
import io.castore.content.objectstore.ObjectBody;
import io.castore.content.objectstore.ObjectWriter;
import io.castore.content.objectstore.StoreUnavailableException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;

/** A store in memory that counts what is written, and can be made to give no answer. */
final class FallibleWriter implements ObjectWriter {
  private final MemoryObjectStore objects = new MemoryObjectStore();
  private final List<String> puts = new ArrayList<>();
  private boolean away;

  void goAway() {
    away = true;
  }

  void comeBack() {
    away = false;
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
    if (away) {
      throw new StoreUnavailableException("the store is away", null);
    }
    puts.add(key);
    objects.put(key, body);
  }

  @Override
  public boolean putIfAbsent(String key, ObjectBody body) {
    throw new UnsupportedOperationException("chunks are put");
  }
}
