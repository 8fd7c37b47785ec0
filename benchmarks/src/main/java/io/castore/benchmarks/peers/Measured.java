package io.castore.benchmarks.peers;

/**
 * What a tool needed for a task.
 *
 * @param wallSeconds from the start of the command until its end
 * @param cpuSeconds of processors, of all processes
 * @param peakBytes the most memory, of all processes together; where there are several, at the most
 * @param bytes that the task is about: of the files, or for {@link Task#VERIFY} of the store
 * @param storedBytes of all files of the store, afterwards
 * @param storedFiles how many these are
 * @param addedBytes by how much the store grew
 */
record Measured(
    double wallSeconds,
    double cpuSeconds,
    double peakBytes,
    double bytes,
    double storedBytes,
    double storedFiles,
    double addedBytes) {
  double megabytesPerSecond() {
    return bytes / 1e6 / wallSeconds;
  }

  double cpuSecondsPerGigabyte() {
    return cpuSeconds / (bytes / 1e9);
  }
}
