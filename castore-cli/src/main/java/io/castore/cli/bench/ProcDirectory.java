package io.castore.cli.bench;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What Linux tells of a process in {@code /proc}. Every call throws an {@link IOException} where
 * the process has ended, or the system has no such directory.
 *
 * @param path the process's directory
 */
public record ProcDirectory(Path path) {
  private static final Path ROOT = Path.of("/proc");
  private static final String PEAK = "VmHWM:";

  /** Tells {@code clear_refs} to begin the peak anew. */
  private static final String RESET_PEAK = "5";

  /** A thread: its number and its line. */
  public record Task(String number, ProcStat stat) {}

  /** That of a process. */
  public static ProcDirectory of(long pid) {
    return new ProcDirectory(ROOT.resolve(Long.toString(pid)));
  }

  /** That of this process. */
  public static ProcDirectory own() {
    return of(ProcessHandle.current().pid());
  }

  /** Whether this system tells anything. */
  public static boolean isThere() {
    return Files.isReadable(own().path.resolve("stat"));
  }

  /** The whole process, with threads that have ended. */
  public ProcStat stat() throws IOException {
    return ProcStat.parse(Files.readString(path.resolve("stat")));
  }

  /** The threads that live. One that ends meanwhile is left out. */
  public List<Task> tasks() throws IOException {
    List<Task> tasks = new ArrayList<>();
    try (DirectoryStream<Path> directories = Files.newDirectoryStream(path.resolve("task"))) {
      for (Path directory : directories) {
        try {
          tasks.add(
              new Task(
                  directory.getFileName().toString(),
                  ProcStat.parse(Files.readString(directory.resolve("stat")))));
        } catch (IOException ended) {
          // What it used is in the process's own line.
        }
      }
    } catch (DirectoryIteratorException ended) {
      throw ended.getCause();
    }
    return tasks;
  }

  /** The most memory that the process had since it began, or since the reset, in bytes. */
  public long peakBytes() throws IOException {
    return peakBytes(Files.readAllLines(path.resolve("status")));
  }

  static long peakBytes(List<String> status) throws IOException {
    for (String line : status) {
      if (line.startsWith(PEAK)) {
        return Long.parseLong(line.substring(PEAK.length()).replace("kB", "").strip()) << 10;
      }
    }
    throw new IOException("status: no " + PEAK + " (expected: that of a process that lives)");
  }

  /** Has the peak begin anew. */
  void resetPeak() throws IOException {
    Files.writeString(path.resolve("clear_refs"), RESET_PEAK);
  }
}
