package io.castore.cli.progress;

import io.castore.ingest.IngestProgress;
import java.io.PrintStream;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/**
 * Shows how far an ingest has come: as a bar on a terminal, as a line every few seconds elsewhere.
 *
 * <p>Safe for use by many threads.
 */
public final class IngestDisplay implements AutoCloseable {
  private static final int LINE_INTERVAL_MS = 5_000;
  private static final int BAR_INTERVAL_MS = 200;
  private static final long BAR_UNIT = 1_000_000;

  private final ScheduledExecutorService ticks;
  private final AutoCloseable shown;

  private IngestDisplay(ScheduledExecutorService ticks, AutoCloseable shown) {
    this.ticks = ticks;
    this.shown = shown;
  }

  /**
   * What is to be ingested, as far as that is known.
   *
   * @param files how many files there are
   * @param bytes how many bytes they have; -1 while that is not known
   */
  public record Expected(long files, long bytes) {}

  /**
   * Shows a bar on a terminal.
   *
   * @param task names what is done
   * @param more is said beside; may be empty
   */
  public static IngestDisplay bar(
      PrintStream terminal,
      String task,
      Supplier<IngestProgress> progress,
      Supplier<Expected> expected,
      Supplier<String> more) {
    ProgressBar bar =
        new ProgressBarBuilder()
            .setTaskName(task)
            .setUnit(" MB", BAR_UNIT)
            .setStyle(ProgressBarStyle.ASCII)
            .showSpeed()
            .setInitialMax(-1)
            .setUpdateIntervalMillis(BAR_INTERVAL_MS)
            .setConsumer(new ConsoleProgressBarConsumer(terminal))
            .build();
    return every(
        BAR_INTERVAL_MS,
        () -> {
          IngestProgress now = progress.get();
          Expected all = expected.get();
          bar.maxHint(Math.max(all.bytes(), all.bytes() < 0 ? -1 : now.bytesRead()));
          bar.stepTo(now.bytesRead());
          bar.setExtraMessage(
              " " + files(now, all) + ", " + novelty(now) + more.get() + waiting(now));
        },
        bar);
  }

  /**
   * Writes a line every five seconds.
   *
   * @param more is said beside; may be empty
   */
  public static IngestDisplay lines(
      Consumer<String> line,
      Supplier<IngestProgress> progress,
      Supplier<Expected> expected,
      Supplier<String> more) {
    long start = System.nanoTime();
    return every(
        LINE_INTERVAL_MS,
        () ->
            line.accept(
                describe(progress.get(), expected.get(), System.nanoTime() - start) + more.get()),
        () -> {});
  }

  private static IngestDisplay every(int intervalMs, Runnable tick, AutoCloseable shown) {
    ScheduledExecutorService ticks =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, "ingest-display");
              thread.setDaemon(true);
              return thread;
            });
    ScheduledFuture<?> unused =
        ticks.scheduleAtFixedRate(tick, intervalMs, intervalMs, TimeUnit.MILLISECONDS);
    return new IngestDisplay(ticks, shown);
  }

  static String describe(IngestProgress now, Expected all, long elapsedNanos) {
    double seconds = elapsedNanos / 1e9;
    StringBuilder line = new StringBuilder(files(now, all));
    line.append(", ").append(ProgressText.bytes(now.bytesRead()));
    if (all.bytes() >= 0) {
      line.append(" of ").append(ProgressText.bytes(all.bytes()));
    }
    line.append(" read, ").append(ProgressText.rate(now.bytesRead(), seconds));
    line.append(", ").append(ProgressText.bytes(now.bytesStored())).append(" stored");
    line.append(": ").append(novelty(now));
    long left = all.bytes() - now.bytesRead();
    if (left > 0 && now.bytesRead() > 0) {
      long secondsLeft = Math.round(left * (seconds / now.bytesRead()));
      line.append(", %d:%02d left".formatted(secondsLeft / 60, secondsLeft % 60));
    }
    return line.append(waiting(now)).toString();
  }

  private static String waiting(IngestProgress now) {
    return now.waitsFor() == null ? "" : "; waiting: " + now.waitsFor();
  }

  private static String files(IngestProgress now, Expected all) {
    return (now.complete() + now.failed())
        + (all.bytes() >= 0 ? " of " + ProgressText.count(all.files(), "file") : " files");
  }

  private static String novelty(IngestProgress now) {
    return "%s new, %s already there"
        .formatted(
            ProgressText.bytes(now.newBytes()),
            ProgressText.bytes(now.bytesStored() - now.newBytes()));
  }

  /** Shows nothing more. */
  @Override
  public void close() {
    ticks.shutdownNow();
    try {
      shown.close();
    } catch (Exception failed) {
      throw new IllegalStateException("a progress bar cannot be closed", failed);
    }
  }
}
