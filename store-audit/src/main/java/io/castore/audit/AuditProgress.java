package io.castore.audit;

import java.util.concurrent.atomic.LongAdder;

/** How far an audit has come, for a person who waits. Safe for use by many threads. */
public final class AuditProgress {
  private final LongAdder things = new LongAdder();
  private final LongAdder bytes = new LongAdder();
  private volatile String phase = "";

  /** Starts with nothing done. */
  public AuditProgress() {}

  /**
   * Begins another part of the work; counts start anew.
   *
   * @param name says to a person what is done: {@code reading chunks}
   */
  public void begin(String name) {
    phase = name;
    things.reset();
    bytes.reset();
  }

  /** Counts one more record or object, of so many bytes. */
  public void count(long length) {
    things.increment();
    bytes.add(length);
  }

  /** What is done now. */
  public String phase() {
    return phase;
  }

  /** Records or objects of this part so far. */
  public long things() {
    return things.sum();
  }

  /** Their bytes. */
  public long bytes() {
    return bytes.sum();
  }
}
