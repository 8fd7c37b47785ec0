package io.castore.endtoend;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
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
public record Castore(Path workingDirectory, Map<String, String> environment) {
  private static final String MAIN_CLASS = "io.castore.cli.Main";
  private static final String HEAP = "512m";

  /** The command in a directory, with nothing else said. */
  public static Castore in(Path workingDirectory) {
    return new Castore(workingDirectory, Map.of());
  }

  /** The same with one more variable. */
  public Castore with(String variable, String value) {
    Map<String, String> more = new HashMap<>(environment);
    more.put(variable, value);
    return new Castore(workingDirectory, Map.copyOf(more));
  }

  /** The directory of the embedded store. */
  public Path storeDirectory() {
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
  public CommandResult run(String... arguments) throws IOException {
    return runWithInput(new byte[0], arguments);
  }

  /** Runs a command with these bytes on its standard input, to its end. */
  public CommandResult runWithInput(byte[] input, String... arguments) throws IOException {
    try (CastoreProcess process = start(arguments)) {
      process.feed(input);
      process.endInput();
      return process.awaitEnd();
    }
  }

  /** Starts a command and returns at once. Its standard input stays open until it is ended. */
  public CastoreProcess start(String... arguments) throws IOException {
    ProcessBuilder builder =
        JavaCommand.of(MAIN_CLASS, HEAP, Map.of(), Arrays.asList(arguments))
            .directory(workingDirectory.toFile());
    builder.environment().putAll(environment);
    return CastoreProcess.start("castore " + String.join(" ", arguments), builder);
  }
}
