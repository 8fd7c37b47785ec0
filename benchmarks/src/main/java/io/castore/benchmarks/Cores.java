package io.castore.benchmarks;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Keeps programs to cores, where the system has {@code taskset}.
 *
 * @param allowed numbers of the cores that this process may use; empty where programs cannot be
 *     kept to any
 */
record Cores(List<Integer> allowed) {
  private static final Path STATUS = Path.of("/proc/self/status");
  private static final String ALLOWED = "Cpus_allowed_list:";

  /** Keeps the list as it is now. */
  Cores {
    allowed = List.copyOf(allowed);
  }

  /** Asks the system. */
  static Cores here() throws IOException {
    return hasTaskset() && Files.isReadable(STATUS)
        ? parse(Files.readString(STATUS))
        : new Cores(List.of());
  }

  /** Reads what {@code /proc/self/status} holds. */
  static Cores parse(String status) {
    return new Cores(
        status
            .lines()
            .filter(line -> line.startsWith(ALLOWED))
            .flatMap(line -> Stream.of(line.substring(ALLOWED.length()).strip().split(",")))
            .flatMap(Cores::range)
            .toList());
  }

  /** Gives what stands before a command that may use {@code count} cores. */
  List<String> prefix(int count) {
    if (allowed.isEmpty()) {
      return List.of();
    }
    List<String> numbers = allowed.stream().limit(count).map(String::valueOf).toList();
    return List.of("taskset", "-c", String.join(",", numbers));
  }

  private static Stream<Integer> range(String range) {
    int dash = range.indexOf('-');
    int first = Integer.parseInt(dash < 0 ? range : range.substring(0, dash));
    int last = Integer.parseInt(range.substring(dash + 1));
    return IntStream.rangeClosed(first, last).boxed();
  }

  private static boolean hasTaskset() {
    String path = System.getenv("PATH");
    return path != null
        && Stream.of(path.split(File.pathSeparator))
            .anyMatch(directory -> Files.isExecutable(Path.of(directory, "taskset")));
  }
}
