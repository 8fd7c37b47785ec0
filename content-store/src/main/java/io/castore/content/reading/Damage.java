package io.castore.content.reading;

import io.castore.content.blob.MissingChunkException;
import io.castore.content.layout.CorruptObjectException;
import java.io.IOException;
import java.util.concurrent.atomic.LongAdder;

/** Counts what is found damaged in the store. Safe for use by many threads. */
final class Damage {
  private final LongAdder corrupt = new LongAdder();
  private final LongAdder missing = new LongAdder();

  /** Reads from the store. */
  @FunctionalInterface
  interface Read<T> {
    T read() throws IOException;
  }

  /** Reads, and counts it where it fails because of what is in the store. */
  <T> T counted(Read<T> read) throws IOException {
    try {
      return read.read();
    } catch (CorruptObjectException e) {
      corrupt.increment();
      throw e;
    } catch (MissingChunkException e) {
      missing.increment();
      throw e;
    }
  }

  void countMissing() {
    missing.increment();
  }

  long corrupt() {
    return corrupt.sum();
  }

  long missing() {
    return missing.sum();
  }
}
