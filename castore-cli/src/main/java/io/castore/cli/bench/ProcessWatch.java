package io.castore.cli.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * Follows a process while it lives: what it used of processors for what, and the most memory that
 * it had. It looks now and then, so that little is lost of threads that end.
 *
 * <p>Safe for use by many threads.
 */
final class ProcessWatch implements AutoCloseable {
  private final ProcDirectory process;
  private final Function<String, ThreadRole> roles;
  private final ScheduledExecutorService looks =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "process-watch");
            thread.setDaemon(true);
            return thread;
          });
  private final Map<TaskKey, ProcStat> threads = new HashMap<>();
  private double totalSeconds;
  private long peakBytes;

  /** A thread's number can be used again when it has ended. */
  private record TaskKey(String number, long startTicks) {}

  private ProcessWatch(ProcDirectory process, Function<String, ThreadRole> roles) {
    this.process = process;
    this.roles = roles;
  }

  /**
   * Begins to look.
   *
   * @param roles tells the role of a thread by its name
   */
  static ProcessWatch start(long pid, Duration pause, Function<String, ThreadRole> roles) {
    ProcessWatch watch = new ProcessWatch(ProcDirectory.of(pid), roles);
    ScheduledFuture<?> unused =
        watch.looks.scheduleWithFixedDelay(watch::look, 0, pause.toMillis(), TimeUnit.MILLISECONDS);
    return watch;
  }

  /** Looks now. A process that has ended keeps what it had at the last look. */
  private synchronized void look() {
    try {
      for (ProcDirectory.Task task : process.tasks()) {
        threads.put(new TaskKey(task.number(), task.stat().startTicks()), task.stat());
      }
      totalSeconds = process.stat().cpuSeconds();
      peakBytes = process.peakBytes();
    } catch (IOException ended) {
      looks.shutdown();
    }
  }

  /** What it used until now, or until its end; nothing where the system does not tell. */
  synchronized CpuByRole cpu() {
    look();
    Map<ThreadRole, Double> seconds = new EnumMap<>(ThreadRole.class);
    for (ProcStat thread : threads.values()) {
      seconds.merge(roles.apply(thread.name()), thread.cpuSeconds(), Double::sum);
    }
    return new CpuByRole(seconds).filledUpTo(totalSeconds);
  }

  /** The most memory so far, in bytes; 0 where the system does not tell. */
  synchronized long peakBytes() {
    look();
    return peakBytes;
  }

  /** Has the most memory begin anew, where the system can. */
  synchronized void resetPeak() {
    try {
      process.resetPeak();
    } catch (IOException unable) {
      // Then the peak is that since the process's start, which is no less than it should be.
      look();
    }
  }

  @Override
  public void close() {
    looks.shutdownNow();
  }
}
