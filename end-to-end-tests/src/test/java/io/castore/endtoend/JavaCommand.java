package io.castore.endtoend;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A Java program to be run in a process of its own: on the class path of this JVM, and out of reach
 * of those variables of its environment that would make it do other things on one machine than on
 * another.
 */
public final class JavaCommand {
  private static final List<String> FOREIGN_PREFIXES =
      List.of("CASTORE_", "AWS_", "MINIO_", "JAVA_TOOL_OPTIONS");

  private static final int SIGINT_BIT = 1 << 1;

  private JavaCommand() {}

  /**
   * Makes the command, in the working directory of this JVM.
   *
   * @param heap the most that its heap may have, as {@code -Xmx} takes it
   * @param properties system properties
   */
  public static ProcessBuilder of(
      String mainClass, String heap, Map<String, String> properties, List<String> arguments)
      throws IOException {
    List<String> command = new ArrayList<>();
    if (ignoresInterrupts()) {
      // Inherited from a shell that runs the build in the background. A terminal's shell does not.
      command.addAll(List.of("env", "--default-signal=INT"));
    }
    command.addAll(jvm(heap));
    command.addAll(RecordedClasses.options());
    properties.forEach((key, value) -> command.add("-D" + key + "=" + value));
    command.addAll(List.of("-cp", RecordedClasses.classPath(), mainClass));
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command);
    isolate(builder.environment());
    return builder;
  }

  /** The program and its options. */
  static List<String> jvm(String heap) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Xmx" + heap);
    // Most of these processes live for seconds and would spend half of them on optimizing.
    command.add("-XX:TieredStopAtLevel=1");
    command.add("-XX:+UseParallelGC");
    if (Runtime.version().feature() >= 24) {
      command.add("--enable-native-access=ALL-UNNAMED");
      command.add("--sun-misc-unsafe-memory-access=allow");
    }
    return command;
  }

  /** Takes from an environment what would have a process do other things on another machine. */
  static void isolate(Map<String, String> variables) {
    variables.keySet().removeIf(name -> FOREIGN_PREFIXES.stream().anyMatch(name::startsWith));
    variables.put("LC_ALL", "C.UTF-8");
    // Many run at a time.
    variables.put("CASTORE_SERVER_PORT", "0");
  }

  private static boolean ignoresInterrupts() throws IOException {
    Path status = Path.of("/proc/self/status");
    if (!Files.exists(status)) {
      return false;
    }
    String ignored =
        Files.readAllLines(status).stream()
            .filter(line -> line.startsWith("SigIgn:"))
            .findFirst()
            .orElse("SigIgn: 0");
    long mask = Long.parseUnsignedLong(ignored.substring("SigIgn:".length()).strip(), 16);
    return (mask & SIGINT_BIT) != 0;
  }
}
