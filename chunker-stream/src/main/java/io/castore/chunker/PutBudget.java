package io.castore.chunker;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Bounds how many objects, and how many bytes of them, are on their way to the store at a time. Who
 * asks first is served first, so that a large object does not wait for ever behind small ones.
 *
 * <p>Safe for use by many threads.
 */
final class PutBudget {
  private static final int UNIT_BYTES = 1024;

  private final Semaphore records;
  private final Semaphore units;
  private final int allRecords;
  private final int allUnits;

  /**
   * Makes a budget that nothing is taken from.
   *
   * @param records how many objects, at least 1
   * @param bytes how many bytes, at least 1; counted in KiB
   */
  PutBudget(int records, long bytes) {
    this.records = new Semaphore(records, true);
    allRecords = records;
    allUnits = (int) Math.min(units(bytes), Integer.MAX_VALUE);
    units = new Semaphore(allUnits, true);
  }

  /**
   * Takes an object's part, and waits until it is there. An object that is larger than the whole
   * budget takes all of it.
   *
   * @return whether it was there in time; if not, nothing is taken
   */
  boolean take(long bytes, Duration timeout) throws InterruptedException {
    long deadline = System.nanoTime() + timeout.toNanos();
    if (!records.tryAcquire(timeout.toNanos(), TimeUnit.NANOSECONDS)) {
      return false;
    }
    boolean taken = false;
    try {
      taken = units.tryAcquire(part(bytes), deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
    } finally {
      if (!taken) {
        records.release();
      }
    }
    return taken;
  }

  /** Gives back what was taken for an object of this size. */
  void giveBack(long bytes) {
    units.release(part(bytes));
    records.release();
  }

  /** How many objects may be on their way. */
  int requests() {
    return allRecords;
  }

  /** How many objects are on their way. */
  int requestsTaken() {
    return allRecords - records.availablePermits();
  }

  /** How many bytes may be on their way. */
  long bytes() {
    return (long) allUnits * UNIT_BYTES;
  }

  /** How many bytes are on their way, in whole KiB for each object. */
  long bytesTaken() {
    return (long) (allUnits - units.availablePermits()) * UNIT_BYTES;
  }

  private int part(long bytes) {
    return (int) Math.min(units(bytes), allUnits);
  }

  private static long units(long bytes) {
    return Math.max(1, (bytes - 1) / UNIT_BYTES + 1);
  }
}
