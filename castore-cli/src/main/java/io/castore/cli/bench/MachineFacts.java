package io.castore.cli.bench;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Where it was measured.
 *
 * @param cores how many this process may use
 * @param model the processor's name
 * @param memoryBytes all that the machine, or the container, has
 * @param jdk version and vendor
 * @param load how many processes wanted a core over the minute before, on average; negative where
 *     the system does not tell
 */
record MachineFacts(int cores, String model, long memoryBytes, String jdk, double load) {
  private static final Path CPU_INFO = Path.of("/proc/cpuinfo");

  static MachineFacts here() {
    long memory =
        ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system
            ? system.getTotalMemorySize()
            : 0;
    return new MachineFacts(
        Runtime.getRuntime().availableProcessors(),
        processor(),
        memory,
        System.getProperty("java.vm.version") + ", " + System.getProperty("java.vendor"),
        ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
  }

  private static String processor() {
    String architecture = System.getProperty("os.arch", "unknown");
    try {
      return Files.readAllLines(CPU_INFO).stream()
          .filter(line -> line.startsWith("model name"))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElse(architecture);
    } catch (IOException unknown) {
      return architecture;
    }
  }
}
