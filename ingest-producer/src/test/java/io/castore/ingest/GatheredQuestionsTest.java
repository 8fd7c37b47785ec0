package io.castore.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.castore.content.digest.Blake3;
import io.castore.content.digest.Digest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class GatheredQuestionsTest {
  private final FakeLookup lookup = new FakeLookup();
  private final GatheredQuestions questions = new GatheredQuestions(lookup);

  @Test
  void shouldAskAtOnceWhereAnswersComeAtOnce() throws Exception {
    lookup.learn(digest(1));

    assertThat(questions.ask(digest(1)).get()).isTrue();
    assertThat(questions.ask(digest(2)).get()).isFalse();

    assertThat(lookup.questions()).containsExactly(List.of(digest(1)), List.of(digest(2)));
  }

  @Test
  void shouldGatherDigestsWhileAQuestionIsOnItsWay() throws Exception {
    lookup.learn(digest(1), digest(3));
    CompletableFuture<Void> go = lookup.holdBack();
    CompletableFuture<Boolean> first = questions.ask(digest(1));
    CompletableFuture<Boolean> second = questions.ask(digest(2));
    CompletableFuture<Boolean> third = questions.ask(digest(3));
    CompletableFuture<Boolean> thirdAgain = questions.ask(digest(3));
    assertThat(lookup.questions()).hasSize(1);
    assertThat(first).isNotDone();

    go.complete(null);

    assertThat(first.get()).isTrue();
    assertThat(second.get()).isFalse();
    assertThat(third.get()).isTrue();
    assertThat(thirdAgain.get()).isTrue();
    assertThat(lookup.questions())
        .containsExactly(List.of(digest(1)), List.of(digest(2), digest(3)));
  }

  static Stream<Exception> failures() {
    return Stream.of(
        new IOException("nobody is there"), new IllegalStateException("nobody is there"));
  }

  @ParameterizedTest
  @MethodSource("failures")
  void shouldFailThoseWhoAskedAndGoOn(Exception failure) throws Exception {
    lookup.breakDown(failure);
    CompletableFuture<Boolean> failed = questions.ask(digest(1));
    assertThatThrownBy(failed::get).hasRootCauseMessage("nobody is there");

    lookup.breakDown(null);
    assertThat(questions.ask(digest(1)).get()).isFalse();
  }

  @Test
  void shouldAnswerManyThreads() throws Exception {
    for (int i = 0; i < 100; i += 2) {
      lookup.learn(digest(i));
    }
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try {
      List<Future<Boolean>> answers = new ArrayList<>();
      for (int i = 0; i < 2000; i++) {
        Digest digest = digest(i % 100);
        answers.add(threads.submit(() -> questions.ask(digest).get(1, TimeUnit.MINUTES)));
      }
      for (int i = 0; i < answers.size(); i++) {
        assertThat(answers.get(i).get(1, TimeUnit.MINUTES)).isEqualTo(i % 2 == 0);
      }
    } finally {
      threads.shutdownNow();
    }
  }

  private static Digest digest(int number) {
    return Blake3.hash(new byte[] {(byte) number});
  }
}
