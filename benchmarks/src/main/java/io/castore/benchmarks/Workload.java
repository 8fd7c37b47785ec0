package io.castore.benchmarks;

import io.castore.benchmarks.data.DataKind;

/**
 * What is measured, by us and by the yardsticks.
 *
 * @param operation what is done
 * @param data with which data
 * @param bytes with how many bytes of it
 * @param cores how many cores it may use; a yardstick always uses one
 */
record Workload(Operation operation, DataKind data, int bytes, int cores) {
  /** Describes data and length as people do. */
  String describeData() {
    return data
        + (bytes % (1 << 20) == 0 ? " " + (bytes >> 20) + " MiB" : " " + (bytes >> 10) + " KiB");
  }
}
