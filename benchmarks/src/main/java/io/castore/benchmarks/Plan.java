package io.castore.benchmarks;

import io.castore.benchmarks.data.DataKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What a run measures, and for how long.
 *
 * @param contentBytes length of the content that is cut, compressed and split, and of the longest
 *     that is hashed, in bytes
 * @param hashBytes the other lengths that are hashed, in bytes
 * @param splitBytes the other lengths that are split, on one core, in bytes
 * @param data the kinds of data that are cut, compressed and split
 * @param hashing the backends of the rows that hash alone
 * @param splitting the backends of the rows that split
 * @param warmUps how many iterations come before those that count
 * @param iterations how many iterations count, ours and a yardstick's
 * @param iteration how long one of ours takes
 * @param yardstickIteration how long one of a yardstick's takes
 * @param commandRepetitions how often a yardstick that is a command is run
 * @param yardsticks whether programs other than ours are run
 */
record Plan(
    int contentBytes,
    List<Integer> hashBytes,
    List<Integer> splitBytes,
    List<DataKind> data,
    List<Backend> hashing,
    List<Backend> splitting,
    int warmUps,
    int iterations,
    Duration iteration,
    Duration yardstickIteration,
    int commandRepetitions,
    boolean yardsticks) {
  private static final int KIB = 1 << 10;
  private static final int MIB = 1 << 20;

  /** All rows. */
  static Plan full() {
    return new Plan(
        64 * MIB,
        List.of(4 * KIB, 64 * KIB, 256 * KIB, MIB),
        List.of(4 * KIB, MIB),
        List.of(DataKind.values()),
        List.of(Backend.VECTOR, Backend.VECTOR_AVX2, Backend.LANES, Backend.SCALAR),
        List.of(Backend.VECTOR, Backend.LANES),
        3,
        5,
        Duration.ofSeconds(1),
        Duration.ofMillis(100),
        2,
        true);
  }

  /** The rows that tell most, each for a shorter time. */
  static Plan quick() {
    return new Plan(
        64 * MIB,
        List.of(4 * KIB, 256 * KIB),
        List.of(4 * KIB),
        List.of(DataKind.TEXT),
        List.of(Backend.VECTOR, Backend.LANES),
        List.of(Backend.VECTOR, Backend.LANES),
        2,
        3,
        Duration.ofMillis(700),
        Duration.ofMillis(100),
        1,
        true);
  }

  /** Every benchmark once with little data: that it runs, not how fast. */
  static Plan smoke() {
    return new Plan(
        MIB,
        List.of(4 * KIB),
        List.of(4 * KIB),
        List.of(DataKind.TEXT),
        List.of(Backend.VECTOR, Backend.LANES, Backend.SCALAR),
        List.of(Backend.VECTOR),
        0,
        1,
        Duration.ofMillis(10),
        Duration.ofMillis(10),
        1,
        false);
  }

  /** Gives what is measured, in the order of the report. */
  List<Workload> workloads(Machine machine) {
    List<Workload> workloads = new ArrayList<>();
    for (int bytes : hashBytes) {
      workloads.add(new Workload(Operation.HASH, DataKind.RANDOM, bytes, 1));
    }
    workloads.add(new Workload(Operation.HASH, DataKind.RANDOM, contentBytes, 1));
    workloads.add(new Workload(Operation.HASH_STREAM, DataKind.RANDOM, contentBytes, 1));
    for (Operation operation : List.of(Operation.CUT, Operation.COMPRESS, Operation.DECOMPRESS)) {
      data.forEach(kind -> workloads.add(new Workload(operation, kind, contentBytes, 1)));
    }
    for (Operation operation : List.of(Operation.SPLIT_UNIQUE, Operation.SPLIT_DUPLICATE)) {
      for (DataKind kind : data) {
        for (int bytes : splitBytes) {
          workloads.add(new Workload(operation, kind, bytes, 1));
        }
        for (int cores = 1; cores <= Math.min(2, machine.cores()); cores++) {
          workloads.add(new Workload(operation, kind, contentBytes, cores));
        }
      }
    }
    return workloads;
  }

  /** Gives the backends that a workload is measured with. */
  List<Backend> backends(Workload workload, Machine machine) {
    List<Backend> backends =
        switch (workload.operation()) {
          case HASH, HASH_STREAM -> hashing;
          case CUT, COMPRESS, DECOMPRESS -> List.of(Backend.NONE);
          case SPLIT_UNIQUE, SPLIT_DUPLICATE -> splitting;
        };
    return backends.stream()
        .filter(backend -> backend != Backend.VECTOR_AVX2 || machine.hasAvx512())
        .toList();
  }
}
