package io.castore.chunker;

import static org.awaitility.Awaitility.await;

import io.castore.pipeline.streams.commit.CommitHook;
import java.time.Duration;
import java.util.Arrays;
import java.util.function.BooleanSupplier;

/** Tells how far a commit is that waits for PUTs. */
final class Commits {
  private Commits() {}

  /** Waits until some thread of this process is in a commit, or the other condition holds. */
  static void awaitBegunOr(BooleanSupplier over) {
    await()
        .atMost(Duration.ofMinutes(1))
        .pollInterval(Duration.ofMillis(5))
        .until(() -> over.getAsBoolean() || isBegun());
  }

  private static boolean isBegun() {
    return Thread.getAllStackTraces().values().stream()
        .flatMap(Arrays::stream)
        .anyMatch(
            frame ->
                frame.getClassName().equals(CommitHook.class.getName())
                    && frame.getMethodName().equals("flushCache"));
  }
}
