package io.castore.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.castore.content.digest.Blake3;
import io.castore.content.digest.Digest;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class GatheredQuestionsTest {
  private final FakeLookup lookup = new FakeLookup();
  private final GatheredQuestions questions = new GatheredQuestions(lookup, Duration.ofMinutes(1));

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

  @Test
  void shouldAskTogetherAboutWhatFollowsFromAnAnswer() {
    CompletableFuture<Void> go = lookup.holdBack();
    List<CompletableFuture<Boolean>> following = new ArrayList<>();
    CompletableFuture<Void> first =
        questions
            .ask(digest(1))
            .thenAccept(
                known -> {
                  following.add(questions.ask(digest(3)));
                  following.add(questions.ask(digest(4)));
                });
    CompletableFuture<Boolean> second = questions.ask(digest(2));

    go.complete(null);

    assertThat(first).isCompleted();
    assertThat(second).isCompletedWithValue(false);
    assertThat(following)
        .hasSize(2)
        .allSatisfy(answer -> assertThat(answer).isCompletedWithValue(false));
    assertThat(lookup.questions())
        .containsExactly(List.of(digest(1)), List.of(digest(2), digest(3), digest(4)));
  }

  @Test
  void shouldFailAQuestionThatIsNotAnsweredInTimeAndGoOn() {
    GatheredQuestions hasty = new GatheredQuestions(lookup, Duration.ofMillis(1));
    CompletableFuture<Void> go = lookup.holdBack();
    assertThatThrownBy(() -> hasty.ask(digest(1)).get()).hasCauseInstanceOf(TimeoutException.class);

    go.complete(null);
    lookup.learn(digest(2));
    assertThat(hasty.ask(digest(2)).join()).isTrue();
    assertThat(lookup.questions()).containsExactly(List.of(digest(1)), List.of(digest(2)));
  }

  @Test
  void shouldFailThoseWhoGatheredBehindAQuestionThatFails() {
    CompletableFuture<Void> go = lookup.holdBack();
    CompletableFuture<Boolean> asked = questions.ask(digest(1));
    CompletableFuture<Boolean> gathered = questions.ask(digest(2));

    go.completeExceptionally(new IOException("nobody is there"));

    assertThatThrownBy(asked::get).hasRootCauseMessage("nobody is there");
    assertThatThrownBy(gathered::get).hasRootCauseMessage("nobody is there");
    assertThat(lookup.questions()).containsExactly(List.of(digest(1)));
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
