package io.castore.cli.command;

import io.castore.audit.AuditProgress;
import io.castore.cli.progress.ProgressText;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/** Tells every few seconds how far an audit has come. */
final class AuditTicker implements AutoCloseable {
  private static final int INTERVAL_SECONDS = 5;

  private final ScheduledExecutorService ticks;

  private AuditTicker(ScheduledExecutorService ticks) {
    this.ticks = ticks;
  }

  static AuditTicker start(AuditProgress progress, Output output) {
    ScheduledExecutorService ticks =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, "audit-ticker");
              thread.setDaemon(true);
              return thread;
            });
    ScheduledFuture<?> unused =
        ticks.scheduleAtFixedRate(
            () -> output.note(describe(progress)),
            INTERVAL_SECONDS,
            INTERVAL_SECONDS,
            TimeUnit.SECONDS);
    return new AuditTicker(ticks);
  }

  private static String describe(AuditProgress progress) {
    String line = progress.phase() + ": " + progress.things();
    return progress.bytes() == 0 ? line : line + ", " + ProgressText.bytes(progress.bytes());
  }

  @Override
  public void close() {
    ticks.shutdownNow();
  }
}
