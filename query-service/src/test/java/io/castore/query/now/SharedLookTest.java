package io.castore.query.now;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class SharedLookTest {
  private static final Duration HOUR = Duration.ofHours(1);

  private final ExecutorService threads = Executors.newFixedThreadPool(4);
  private final AtomicInteger looks = new AtomicInteger();

  @AfterEach
  void stop() {
    threads.shutdownNow();
  }

  @Test
  void shouldLookOnceForAllWhoAskMeanwhile() {
    CountDownLatch seen = new CountDownLatch(1);
    SharedLook<Integer> look =
        new SharedLook<>(
            () -> {
              int number = looks.incrementAndGet();
              assertThat(seen.await(1, TimeUnit.MINUTES)).isTrue();
              return number;
            },
            HOUR);
    List<CompletableFuture<Integer>> answers = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      answers.add(look.get(threads));
    }

    seen.countDown();

    assertThat(answers).allSatisfy(answer -> assertThat(answer.join()).isEqualTo(1));
    assertThat(look.get(threads).join()).isEqualTo(1);
  }

  @Test
  void shouldLookAgainWhenWhatWasSeenIsOld() {
    SharedLook<Integer> look = new SharedLook<>(looks::incrementAndGet, Duration.ofMillis(1));
    assertThat(look.get(threads).join()).isEqualTo(1);

    await().until(() -> look.get(threads).join() > 1);
  }

  @Test
  void shouldGiveAFailureToAllWithoutTryingForEach() {
    SharedLook<Integer> look =
        new SharedLook<>(
            () -> {
              looks.incrementAndGet();
              throw new IOException("away");
            },
            HOUR);

    for (int i = 0; i < 3; i++) {
      assertThatThrownBy(() -> look.get(threads).join())
          .isInstanceOf(CompletionException.class)
          .hasRootCauseMessage("away");
    }
    assertThat(looks).hasValue(1);
  }
}
