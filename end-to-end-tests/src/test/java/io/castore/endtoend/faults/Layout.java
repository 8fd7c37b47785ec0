package io.castore.endtoend.faults;

import java.util.HashMap;
import java.util.Map;

/**
 * What a round runs on, beside its broker and its indexer.
 *
 * @param onSmallDisk whether the store is a directory on a small file system, not a bucket
 * @param chunkers how many processes store chunks
 * @param refusedPercent how many PUTs the S3 server answers with 503
 * @param delayedPercent how many PUTs the S3 server delays
 * @param settings configuration keys of all commands, and their values
 */
record Layout(
    boolean onSmallDisk,
    int chunkers,
    int refusedPercent,
    int delayedPercent,
    Map<String, String> settings) {

  /** A bucket of a server that is slow now and then, so that PUTs overtake each other. */
  static Layout s3() {
    return new Layout(false, 1, 0, 5, Map.of());
  }

  static Layout smallDisk() {
    return new Layout(true, 1, 0, 0, Map.of());
  }

  Layout withChunkers(int count) {
    return new Layout(onSmallDisk, count, refusedPercent, delayedPercent, settings);
  }

  Layout withFailingPuts(int refused, int delayed) {
    return new Layout(onSmallDisk, chunkers, refused, delayed, settings);
  }

  Layout with(String key, String value) {
    Map<String, String> more = new HashMap<>(settings);
    more.put(key, value);
    return new Layout(onSmallDisk, chunkers, refusedPercent, delayedPercent, Map.copyOf(more));
  }
}
