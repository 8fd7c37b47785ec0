package io.castore.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class MissBackoffTest {
  @Test
  void shouldAskAboutEachChunkWhileThereAreHits() {
    MissBackoff backoff = MissBackoff.patient();

    for (int i = 0; i < 1000; i++) {
      assertThat(backoff.asks()).isTrue();
      backoff.answered(i % MissBackoff.PATIENCE == 0);
    }
  }

  @Test
  void shouldAskEverLessAfterMissesInARow() {
    MissBackoff backoff = MissBackoff.patient();

    assertThat(questions(backoff, MissBackoff.PATIENCE)).isEqualTo(MissBackoff.PATIENCE);
    assertThat(questions(backoff, 1000)).isBetween(10, 25);
    assertThat(questions(backoff, 64 * 100)).isEqualTo(100);
  }

  @Test
  void shouldAskAboutEachChunkAgainAfterAHit() {
    MissBackoff backoff = MissBackoff.patient();
    int unused = questions(backoff, 1000);

    backoff.answered(true);

    assertThat(questions(backoff, MissBackoff.PATIENCE)).isEqualTo(MissBackoff.PATIENCE);
    assertThat(questions(backoff, MissBackoff.LONGEST_PAUSE)).isLessThan(MissBackoff.PATIENCE);
  }

  @Test
  void shouldSkipFirstWhereItIsWeary() {
    MissBackoff backoff = MissBackoff.weary(5);

    assertThat(questions(backoff, 5)).isZero();
    assertThat(backoff.asks()).isTrue();
    assertThat(backoff.asks()).isFalse();
  }

  /** Gives how many of so many chunks are asked about, where none is known. */
  private static int questions(MissBackoff backoff, int chunks) {
    return (int)
        IntStream.range(0, chunks)
            .filter(
                chunk -> {
                  boolean asks = backoff.asks();
                  if (asks) {
                    backoff.answered(false);
                  }
                  return asks;
                })
            .count();
  }
}
