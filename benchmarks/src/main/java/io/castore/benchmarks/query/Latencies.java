package io.castore.benchmarks.query;

import java.util.Arrays;

/** How long each of many requests took. Not thread-safe. */
final class Latencies {
  private final long[] nanos;
  private int count;

  Latencies(int capacity) {
    nanos = new long[capacity];
  }

  /** What may fail while it is timed. */
  @FunctionalInterface
  interface Request {
    void run() throws Exception;
  }

  /** Times a request. */
  void time(Request request) throws Exception {
    long start = System.nanoTime();
    request.run();
    nanos[count++] = System.nanoTime() - start;
  }

  /** Gives the time in milliseconds that this part of all requests did not pass. */
  double quantileMillis(double part) {
    long[] sorted = Arrays.copyOf(nanos, count);
    Arrays.sort(sorted);
    return sorted[(int) Math.min(count - 1, Math.round(part * count))] / 1e6;
  }

  /** Gives how many requests there were in a second, one after another. */
  double perSecond() {
    return count / (Arrays.stream(nanos, 0, count).sum() / 1e9);
  }
}
