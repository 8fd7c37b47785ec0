package io.castore.endtoend.faults;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A service in a process of its own, as a supervisor keeps it: when it ends unasked it is started
 * again. All that it says goes to one file.
 *
 * <p>Safe for use by many threads.
 */
final class Supervised implements AutoCloseable {
  private static final Duration DEATH = Duration.ofSeconds(30);
  private static final Duration PAUSE = Duration.ofMillis(500);

  private final String name;
  private final Command command;
  private final Path log;
  private final Thread killAtExit;

  private @Nullable Process process;
  private boolean wanted;
  private long startAgainNanos;
  private int unaskedEnds;

  /** Makes the command anew for every start. */
  @FunctionalInterface
  interface Command {
    ProcessBuilder make() throws IOException;
  }

  Supervised(String name, Command command, Path logs) {
    this.name = name;
    this.command = command;
    this.log = logs.resolve(name + ".log");
    killAtExit = new Thread(this::kill);
    Runtime.getRuntime().addShutdownHook(killAtExit);
  }

  /** Starts the process, and keeps it running from now on. */
  synchronized void start() throws IOException {
    wanted = true;
    process =
        command
            .make()
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
            .start();
  }

  /** Starts the process again if it has ended and nobody wanted that. */
  synchronized void watch() throws IOException {
    if (!wanted || isAlive()) {
      return;
    }
    if (startAgainNanos == 0) {
      unaskedEnds++;
      startAgainNanos = System.nanoTime() + PAUSE.toNanos();
    } else if (System.nanoTime() > startAgainNanos) {
      startAgainNanos = 0;
      start();
    }
  }

  synchronized boolean isAlive() {
    return process != null && process.isAlive();
  }

  /** How often it ended without being told to. */
  synchronized int unaskedEnds() {
    return unaskedEnds;
  }

  /** Ends it as {@code kill -9} does; it stays down until it is started. */
  void kill() {
    Process dying = unwant();
    if (dying != null) {
      dying.destroyForcibly();
      awaitEnd(dying, DEATH);
    }
  }

  /** Tells it to end with SIGTERM; it stays down until it is started. Fails if it does not end. */
  void terminate(Duration patience) {
    Process dying = unwant();
    if (dying != null) {
      dying.destroy();
      awaitEnd(dying, patience);
    }
  }

  private synchronized @Nullable Process unwant() {
    wanted = false;
    startAgainNanos = 0;
    return process;
  }

  private void awaitEnd(Process dying, Duration patience) {
    try {
      if (!dying.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new AssertionError(
            "%s (process %d) does not end within %s".formatted(name, dying.pid(), patience));
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new AssertionError(interrupted);
    }
  }

  /** Writes what its threads are doing to a file beside its log. */
  void dumpThreads() throws IOException {
    Process running;
    synchronized (this) {
      running = process;
    }
    if (running != null && running.isAlive()) {
      ThreadDump.write(running.pid(), log.resolveSibling(name + ".threads"));
    }
  }

  @Override
  public void close() {
    kill();
    Runtime.getRuntime().removeShutdownHook(killAtExit);
  }
}
