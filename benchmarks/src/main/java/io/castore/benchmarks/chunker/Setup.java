package io.castore.benchmarks.chunker;

import java.time.Duration;
import java.util.List;

/**
 * How one run stores chunks.
 *
 * @param threads stream threads
 * @param window PUTs that may be on their way at a time; 1: each waits for the one before
 * @param putDelay added to every PUT
 */
record Setup(int threads, int window, Duration putDelay) {
  /**
   * The comparison of windows on one thread with more threads that store synchronously.
   *
   * @param delays each of which is measured with all of these
   */
  static List<Setup> all(List<Duration> delays) {
    return delays.stream()
        .flatMap(
            delay ->
                List.of(
                    new Setup(1, 1, delay),
                    new Setup(4, 1, delay),
                    new Setup(16, 1, delay),
                    new Setup(1, 16, delay),
                    new Setup(1, 64, delay),
                    new Setup(2, 64, delay),
                    new Setup(1, 128, delay))
                    .stream())
        .toList();
  }
}
