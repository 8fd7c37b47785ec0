package io.castore.endtoend;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The command as a user has it: in a working directory, with an environment. Each call runs it in a
 * process of its own. Unless told otherwise, the data directory is {@code castore-data} below the
 * working directory.
 *
 * <p>Immutable, and so safe for use by many threads.
 *
 * @param workingDirectory where the commands run
 * @param environment variables that are set beside those of this JVM
 */
record Castore(Path workingDirectory, Map<String, String> environment) {
  private static final String MAIN_CLASS = "io.castore.cli.Main";

  /** What would make a command do other things on one machine than on another. */
  private static final List<String> FOREIGN_PREFIXES =
      List.of("CASTORE_", "AWS_", "MINIO_", "JAVA_TOOL_OPTIONS");

  private static final int SIGINT_BIT = 1 << 1;

  static Castore in(Path workingDirectory) {
    return new Castore(workingDirectory, Map.of());
  }

  Castore with(String variable, String value) {
    Map<String, String> more = new HashMap<>(environment);
    more.put(variable, value);
    return new Castore(workingDirectory, Map.copyOf(more));
  }

  /** The directory of the embedded store. */
  Path storeDirectory() {
    return workingDirectory.resolve("castore-data").resolve("store");
  }

  /** Counts the chunks in the embedded store, while a command may be writing them. */
  long storedChunks() throws IOException {
    Path chunks = storeDirectory().resolve("chunks");
    if (!Files.isDirectory(chunks)) {
      return 0;
    }
    try (Stream<Path> files = Files.walk(chunks)) {
      return files.filter(Files::isRegularFile).count();
    }
  }

  /** Runs a command with nothing on its standard input, to its end. */
  CommandResult run(String... arguments) throws IOException {
    return runWithInput(new byte[0], arguments);
  }

  /** Runs a command with these bytes on its standard input, to its end. */
  CommandResult runWithInput(byte[] input, String... arguments) throws IOException {
    try (CastoreProcess process = start(arguments)) {
      process.feed(input);
      process.endInput();
      return process.awaitEnd();
    }
  }

  /** Starts a command and returns at once. Its standard input stays open until it is ended. */
  CastoreProcess start(String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    if (ignoresInterrupts()) {
      // Inherited from a shell that runs the build in the background. A terminal's shell does not.
      command.addAll(List.of("env", "--default-signal=INT"));
    }
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(jvmOptions());
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), MAIN_CLASS));
    command.addAll(Arrays.asList(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).directory(workingDirectory.toFile());
    Map<String, String> variables = builder.environment();
    variables.keySet().removeIf(name -> FOREIGN_PREFIXES.stream().anyMatch(name::startsWith));
    variables.put("LC_ALL", "C.UTF-8");
    variables.putAll(environment);
    return CastoreProcess.start("castore " + String.join(" ", arguments), builder);
  }

  private static List<String> jvmOptions() {
    List<String> options = new ArrayList<>();
    options.add("-Xmx512m");
    // Most of these processes live for seconds and would spend half of them on optimizing.
    options.add("-XX:TieredStopAtLevel=1");
    options.add("-XX:+UseParallelGC");
    if (Runtime.version().feature() >= 24) {
      options.add("--enable-native-access=ALL-UNNAMED");
      options.add("--sun-misc-unsafe-memory-access=allow");
    }
    return options;
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
