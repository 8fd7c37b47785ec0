package io.castore.benchmarks;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The machine that benchmarks run on.
 *
 * @param cores how many cores this process may use
 * @param model the processor's name
 * @param flags what the processor says that it can do; empty where the system does not tell
 */
record Machine(int cores, String model, Set<String> flags) {
  private static final Path CPU_INFO = Path.of("/proc/cpuinfo");

  /** Asks the system. */
  static Machine here() throws IOException {
    List<String> lines =
        Files.isReadable(CPU_INFO) ? Files.readAllLines(CPU_INFO) : List.<String>of();
    return new Machine(
        Runtime.getRuntime().availableProcessors(),
        field("model name", lines).findFirst().orElse(System.getProperty("os.arch", "unknown")),
        field("flags", lines)
            .limit(1)
            .flatMap(flags -> Stream.of(flags.split(" ")))
            .filter(flag -> flag.startsWith("avx2") || flag.startsWith("avx512"))
            .collect(Collectors.toUnmodifiableSet()));
  }

  /** Tells whether vectors of 512 bits are in use where the JVM is not told otherwise. */
  boolean hasAvx512() {
    return flags.contains("avx512f");
  }

  /** Describes it in one line. */
  String describe() {
    String simd = flags.stream().sorted().collect(Collectors.joining(" "));
    return "%d cores, %s, %s".formatted(cores, model, simd.isEmpty() ? "no AVX2" : simd);
  }

  /** Gives how many processes wanted a core over the last minute, on average. */
  static String load() {
    double load = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
    return load < 0 ? "unknown" : String.format(Locale.ROOT, "%.1f", load);
  }

  private static Stream<String> field(String name, List<String> lines) {
    return lines.stream()
        .filter(line -> line.startsWith(name))
        .map(line -> line.substring(line.indexOf(':') + 1).strip());
  }
}
