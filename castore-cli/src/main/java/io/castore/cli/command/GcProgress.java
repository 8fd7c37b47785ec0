package io.castore.cli.command;

import io.castore.cli.progress.ProgressText;
import io.castore.content.digest.Digest;
import io.castore.gc.CollectionListener;
import java.time.Duration;

/** Tells how a collection comes along, a line every few seconds. Used by one thread. */
final class GcProgress implements CollectionListener {
  private static final long EVERY_NANOS = Duration.ofSeconds(5).toNanos();

  private final Output output;
  private final boolean quiet;
  private String step = "";
  private long toldNanos = System.nanoTime();

  GcProgress(Output output, boolean quiet) {
    this.output = output;
    this.quiet = quiet;
  }

  @Override
  public void at(String next) {
    step = next;
    if (!quiet) {
      output.note(next);
    }
    toldNanos = System.nanoTime();
  }

  @Override
  public void progress(long done) {
    tell(Long.toString(done));
  }

  @Override
  public void waiting(long records) {
    tell("the chunker has " + ProgressText.count(records, "record") + " to read before");
  }

  private void tell(String text) {
    if (!quiet && System.nanoTime() - toldNanos > EVERY_NANOS) {
      output.note(step + ": " + text);
      toldNanos = System.nanoTime();
    }
  }

  @Override
  public void dropped(Digest blob, String reason) {
    if (!quiet) {
      output.note("drops " + blob + " (" + reason + ")");
    }
  }

  @Override
  public void notRemoved(String key) {
    output.note("still there: " + key);
  }
}
