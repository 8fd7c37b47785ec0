package io.castore.endtoend;

import java.io.File;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The classes that a small ingest loads, as the JVM has them in memory (class-data sharing). They
 * are recorded once in a build, for all processes that tests start, which otherwise spend much of
 * their short lives on loading and checking them. Where they cannot be recorded, processes start as
 * ever.
 */
final class RecordedClasses {
  private static final Path DIRECTORY = Path.of("target", "recorded-classes").toAbsolutePath();
  private static final long PATIENCE_SECONDS = 120;
  private static final List<String> JARS = new ArrayList<>();
  private static final List<String> OTHERS = new ArrayList<>();

  static {
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
      (Files.isRegularFile(Path.of(entry)) ? JARS : OTHERS).add(entry);
    }
  }

  private static final List<String> OPTIONS = find();

  private RecordedClasses() {}

  /** The class path of this JVM. Jars come first: only these can be recorded, and only in front. */
  static String classPath() {
    List<String> all = new ArrayList<>(JARS);
    all.addAll(OTHERS);
    return String.join(File.pathSeparator, all);
  }

  /** Options of a JVM with {@link #classPath} that has the classes at once. */
  static List<String> options() {
    return OPTIONS;
  }

  private static List<String> find() {
    Path archive = DIRECTORY.resolve(Runtime.version().feature() + ".jsa");
    try {
      Files.createDirectories(DIRECTORY);
      // Several JVMs share the tests.
      try (FileChannel lock =
              FileChannel.open(
                  DIRECTORY.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
          FileLock held = lock.lock()) {
        if (held.isValid() && !isOfTheseJars(archive)) {
          record(archive);
        }
      }
    } catch (IOException failed) {
      System.err.println("classes are not recorded: " + failed);
      return List.of();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return List.of();
    }
    // Some are in no recording, which the JVM would tell on standard output.
    return List.of("-XX:SharedArchiveFile=" + archive, "-Xlog:cds=off");
  }

  private static boolean isOfTheseJars(Path archive) {
    long recorded = archive.toFile().lastModified();
    return JARS.stream().allMatch(jar -> new File(jar).lastModified() < recorded);
  }

  private static void record(Path archive) throws IOException, InterruptedException {
    Path scratch = Files.createTempDirectory(DIRECTORY, "recording-");
    Path names = scratch.resolve("names");
    run(scratch, "-XX:DumpLoadedClassList=" + names);
    Path made = scratch.resolve("made");
    run(
        scratch,
        "-Xshare:dump",
        "-XX:SharedClassListFile=" + names,
        "-XX:SharedArchiveFile=" + made);
    Files.deleteIfExists(archive);
    Files.move(made, archive);
  }

  private static void run(Path scratch, String... options)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(JavaCommand.jvm("512m"));
    Collections.addAll(command, options);
    command.addAll(List.of("-cp", String.join(File.pathSeparator, JARS), "io.castore.cli.Main"));
    Path file = Files.writeString(scratch.resolve("file"), Arrays.toString(options));
    command.addAll(
        List.of("ingest", "--data-dir", scratch.resolve("data").toString(), file.toString()));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(scratch.resolve("output").toFile());
    JavaCommand.isolate(builder.environment());
    Process process = builder.start();
    process.getOutputStream().close();
    try {
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
        throw new IOException("see " + scratch.resolve("output"));
      }
    } finally {
      process.destroyForcibly();
    }
  }
}
