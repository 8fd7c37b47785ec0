package io.castore.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.castore.content.digest.Blake3;
import io.castore.content.digest.Digest;
import io.castore.ingest.UploadQuestions.Answer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class UploadQuestionsTest {
  private static final int PATIENCE = MissBackoff.PATIENCE;
  private static final int CHUNKS = 3 * PATIENCE;

  private final List<CompletableFuture<Answer>> asked = new ArrayList<>();
  private boolean out;
  private final UploadQuestions questions =
      new UploadQuestions(() -> out, this::ask, MissBackoff.patient());

  private CompletableFuture<Answer> ask(Digest digest) {
    CompletableFuture<Answer> answer = new CompletableFuture<>();
    asked.add(answer);
    return answer;
  }

  @Test
  void shouldWaitForAHitBeforeItAsksAboutMany() {
    List<CompletableFuture<Boolean>> known = askAboutMany();
    assertThat(asked).hasSize(PATIENCE);

    asked.get(0).complete(Answer.UNKNOWN);
    assertThat(asked).hasSize(PATIENCE);
    asked.get(1).complete(Answer.KNOWN);
    assertThat(asked).hasSize(CHUNKS);

    for (int i = 2; i < CHUNKS; i++) {
      asked.get(i).complete(Answer.KNOWN);
    }
    assertThat(known.get(0)).isCompletedWithValue(false);
    assertThat(known.subList(1, CHUNKS))
        .allSatisfy(answer -> assertThat(answer).isCompletedWithValue(true));
  }

  @Test
  void shouldHardlyAskAboutWhatWaitedForMissesAlone() {
    List<CompletableFuture<Boolean>> known = askAboutMany();

    for (int i = 0; i < PATIENCE; i++) {
      assertThat(known.get(CHUNKS - 1)).isNotDone();
      asked.get(i).complete(Answer.UNKNOWN);
    }

    assertThat(asked).hasSizeBetween(PATIENCE + 1, PATIENCE + 4);
    assertThat(known.stream().filter(answer -> !answer.isDone()).toList())
        .hasSize(asked.size() - PATIENCE);
  }

  @Test
  void shouldAskNobodyWhileNobodyAnswers() {
    List<CompletableFuture<Boolean>> known = askAboutMany();

    out = true;
    asked.forEach(answer -> answer.complete(Answer.NONE));

    assertThat(asked).hasSize(PATIENCE);
    assertThat(known).allSatisfy(answer -> assertThat(answer).isCompletedWithValue(false));
    assertThat(questions.isKnown(digest(0))).isCompletedWithValue(false);

    out = false;
    assertThat(questions.isKnown(digest(0))).isNotDone();
    assertThat(asked).hasSize(PATIENCE + 1);
  }

  private List<CompletableFuture<Boolean>> askAboutMany() {
    return IntStream.range(0, CHUNKS).mapToObj(i -> questions.isKnown(digest(i))).toList();
  }

  private static Digest digest(int number) {
    return Blake3.hash(new byte[] {(byte) number});
  }
}
