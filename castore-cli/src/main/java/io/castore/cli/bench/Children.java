package io.castore.cli.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * The processes that were started and have not ended. Those that are left end with this.
 *
 * <p>Safe for use by many threads.
 */
final class Children implements AutoCloseable {
  private static final Duration TO_END = Duration.ofSeconds(60);

  private final Set<Process> alive = ConcurrentHashMap.newKeySet();

  /**
   * Starts a process, which reads nothing.
   *
   * @param out takes its standard output
   * @param err takes its standard error
   */
  Process start(List<String> command, Path directory, Path out, Path err) throws IOException {
    Process process =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start();
    process.getOutputStream().close();
    alive.add(process);
    return process;
  }

  /**
   * Waits for its end.
   *
   * @param patience how long at the most
   * @throws IOException if it does not end, or not with exit code 0; with what it said
   */
  void await(Process process, String name, Duration patience, Path err)
      throws IOException, InterruptedException {
    if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
      throw new IOException("%s: no end within %s".formatted(name, patience));
    }
    alive.remove(process);
    if (process.exitValue() != 0) {
      throw new IOException(
          "%s: exit code %d (expected: 0):%n%s"
              .formatted(name, process.exitValue(), Files.readString(err).strip()));
    }
  }

  /** Tells a process to end, waits for it, and kills it where it does not. */
  void end(Process process) throws InterruptedException {
    process.destroy();
    if (!process.waitFor(TO_END.toSeconds(), TimeUnit.SECONDS)) {
      process.destroyForcibly();
    }
    alive.remove(process);
  }

  @Override
  public void close() {
    alive.forEach(Process::destroyForcibly);
    for (Process process : alive) {
      try {
        process.waitFor(TO_END.toSeconds(), TimeUnit.SECONDS);
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }
}
