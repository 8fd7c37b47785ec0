package io.castore.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.castore.ingest.MissBackoff.Advice;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class MissBackoffTest {
  @Test
  void shouldAskAboutEachChunkWhileThereAreHits() {
    MissBackoff backoff = MissBackoff.patient();

    for (int i = 0; i < 1000; i++) {
      assertThat(backoff.next()).isEqualTo(Advice.ASK);
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

    while (backoff.next() != Advice.ASK) {
      // One in so many is asked about.
    }
    backoff.answered(true);

    assertThat(questions(backoff, MissBackoff.PATIENCE)).isEqualTo(MissBackoff.PATIENCE);
    assertThat(questions(backoff, MissBackoff.LONGEST_PAUSE)).isLessThan(MissBackoff.PATIENCE);
  }

  @Test
  void shouldSkipFirstWhereItIsWeary() {
    MissBackoff backoff = MissBackoff.weary(5);

    assertThat(questions(backoff, 5)).isZero();
    assertThat(backoff.next()).isEqualTo(Advice.ASK);
    assertThat(backoff.next()).isEqualTo(Advice.SKIP);
  }

  @Test
  void shouldTakeQuestionsForMissesUntilTheFirstHit() {
    MissBackoff backoff = MissBackoff.patient();
    ask(backoff, MissBackoff.PATIENCE);
    assertThat(backoff.next()).isEqualTo(Advice.WAIT);

    backoff.answered(false);
    assertThat(backoff.next()).isEqualTo(Advice.WAIT);

    backoff.answered(true);
    ask(backoff, 1000);
  }

  @Test
  void shouldDecideOnceAllAnswersAreMisses() {
    MissBackoff backoff = MissBackoff.patient();
    ask(backoff, MissBackoff.PATIENCE);
    for (int i = 0; i < MissBackoff.PATIENCE; i++) {
      assertThat(backoff.next()).isEqualTo(Advice.WAIT);
      backoff.answered(false);
    }

    ask(backoff, 1);
    assertThat(backoff.next()).isEqualTo(Advice.SKIP);
  }

  @Test
  void shouldAskLessAfterMissesAmongManyQuestions() {
    MissBackoff backoff = MissBackoff.patient();
    ask(backoff, MissBackoff.PATIENCE);
    backoff.answered(true);
    ask(backoff, 100);
    for (int i = 0; i < MissBackoff.PATIENCE; i++) {
      backoff.answered(false);
    }

    ask(backoff, 1);
    assertThat(backoff.next()).isEqualTo(Advice.SKIP);
  }

  @Test
  void shouldAskAnotherInPlaceOfOneWithoutAnAnswer() {
    MissBackoff backoff = MissBackoff.patient();
    ask(backoff, MissBackoff.PATIENCE);

    backoff.failed();

    ask(backoff, 1);
    assertThat(backoff.next()).isEqualTo(Advice.WAIT);
  }

  private static void ask(MissBackoff backoff, int times) {
    for (int i = 0; i < times; i++) {
      assertThat(backoff.next()).isEqualTo(Advice.ASK);
    }
  }

  /** Gives how many of so many chunks are asked about, where none is known. */
  private static int questions(MissBackoff backoff, int chunks) {
    return (int)
        IntStream.range(0, chunks)
            .filter(
                chunk -> {
                  boolean asks = backoff.next() == Advice.ASK;
                  if (asks) {
                    backoff.answered(false);
                  }
                  return asks;
                })
            .count();
  }
}
