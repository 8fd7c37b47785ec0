package io.castore.endtoend;

import static org.awaitility.Awaitility.await;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A running command. Every wait for it is bounded, and it does not outlive this object.
 *
 * <p>Not thread-safe: belongs to one thread at a time.
 */
public final class CastoreProcess implements AutoCloseable {
  /** Far more than anything takes, on a machine that does much else. */
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  private static final Pattern URL = Pattern.compile("serving .* at (https?://[^ ,]+),");

  private final String command;
  private final Process process;
  private final Path workingDirectory;
  private final Path out;
  private final Path err;
  private final Thread killAtExit;

  /** Standard input is a pipe: whoever writes waits for its reader, and must not do so for ever. */
  private final ExecutorService feeder =
      Executors.newSingleThreadExecutor(
          task -> {
            Thread thread = new Thread(task, "feeder");
            thread.setDaemon(true);
            return thread;
          });

  private CastoreProcess(
      String command, Process process, Path workingDirectory, Path out, Path err) {
    this.command = command;
    this.process = process;
    this.workingDirectory = workingDirectory;
    this.out = out;
    this.err = err;
    killAtExit = new Thread(process::destroyForcibly);
    Runtime.getRuntime().addShutdownHook(killAtExit);
  }

  /**
   * Starts a process.
   *
   * @param command what a user would have typed
   */
  static CastoreProcess start(String command, ProcessBuilder builder) throws IOException {
    Path out = Files.createTempFile("castore-", ".out");
    Path err = Files.createTempFile("castore-", ".err");
    Process process = builder.redirectOutput(out.toFile()).redirectError(err.toFile()).start();
    File directory = builder.directory();
    return new CastoreProcess(
        command, process, directory == null ? Path.of("") : directory.toPath(), out, err);
  }

  public long pid() {
    return process.pid();
  }

  /** Tells whether it has not ended yet. */
  public boolean isAlive() {
    return process.isAlive();
  }

  /**
   * Writes to its standard input in the background, after what was to be written before. That it
   * ends before it has read everything shows in its exit code.
   */
  void feed(byte[] input) {
    inBackground(
        stdin -> {
          stdin.write(input);
          stdin.flush();
        });
  }

  /** Ends its standard input, after what was to be written before. */
  public void endInput() {
    inBackground(OutputStream::close);
  }

  private interface Feeding {
    void to(OutputStream stdin) throws IOException;
  }

  private void inBackground(Feeding feeding) {
    Future<?> unused =
        feeder.submit(
            () -> {
              feeding.to(process.getOutputStream());
              return true;
            });
  }

  /** Waits until something holds; fails at once where the process ends before. */
  void awaitUntil(String what, Callable<Boolean> condition) {
    await(what + " of \"" + command + "\"")
        .atMost(PATIENCE)
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(20))
        .failFast(this::requireAlive)
        .until(condition);
  }

  private void requireAlive() {
    if (!process.isAlive()) {
      throw new AssertionError("it ended too early: " + result());
    }
  }

  /** Gives what it has written to standard error by now. */
  String err() {
    return read(err);
  }

  /** Waits until it has written something to standard error. */
  void awaitError(String text) {
    awaitUntil("\"" + text + "\" on standard error", () -> read(err).contains(text));
  }

  /** Waits until it serves, and tells where. */
  URI awaitUrl() {
    awaitError("serving ");
    Matcher url = URL.matcher(read(err));
    if (!url.find()) {
      throw new AssertionError("it does not say where it serves: " + read(err));
    }
    return URI.create(url.group(1));
  }

  /** Sends a signal, such as {@code INT} for a Ctrl-C. */
  public void signal(String name) throws IOException {
    try {
      Process kill =
          new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).inheritIO().start();
      if (!kill.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS) || kill.exitValue() != 0) {
        throw new IOException("cannot send " + name + " to " + this);
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IOException(interrupted);
    }
  }

  /** Ends it as {@code kill -9} does. */
  public CommandResult kill() {
    process.destroyForcibly();
    return awaitEnd();
  }

  /** Waits for its end. */
  public CommandResult awaitEnd() {
    try {
      if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        throw new AssertionError("it does not end: " + this);
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new AssertionError(interrupted);
    }
    return result();
  }

  private CommandResult result() {
    try {
      CrashFiles.keep(workingDirectory, process.exitValue(), process.pid());
      return new CommandResult(command, process.exitValue(), Files.readAllBytes(out), read(err));
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file, StandardCharsets.UTF_8);
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  @Override
  public void close() throws IOException {
    process.destroyForcibly();
    CommandResult unused = awaitEnd();
    feeder.shutdownNow();
    Runtime.getRuntime().removeShutdownHook(killAtExit);
    Files.delete(out);
    Files.delete(err);
  }

  @Override
  public String toString() {
    return "\"%s\" (process %d), which said:%n%s".formatted(command, process.pid(), read(err));
  }
}
