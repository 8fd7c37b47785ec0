package io.castore.pipeline.outage;

import static org.assertj.core.api.Assertions.assertThat;

import io.castore.content.layout.BucketLayout;
import io.castore.content.layout.StoreIdentity;
import io.castore.content.objectstore.MemoryObjectStore;
import io.castore.content.objectstore.ObjectBody;
import io.castore.content.objectstore.StoreRefusedException;
import io.castore.content.objectstore.StoreUnavailableException;
import io.castore.pipeline.cluster.StoreMismatchException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class StoreBreakerTest {
  private static final Duration SELDOM = Duration.ofHours(1);
  private static final Duration OFTEN = Duration.ofMillis(1);

  private final BlockingQueue<String> told = new LinkedBlockingQueue<>();
  private volatile @Nullable IOException outage;

  @Test
  void shouldPauseWhenARequestFailsAndResumeWhenTheStoreAnswers() throws Exception {
    try (StoreBreaker breaker = StoreBreaker.start(this::check, SELDOM)) {
      breaker.listen(listener());

      breaker.failed(new StoreUnavailableException("no answer", null));

      assertThat(next()).isEqualTo("paused: no answer");
      assertThat(next()).isEqualTo("resumed");
    }
  }

  @Test
  void shouldPauseWhenALookFailsAndStaySoUntilOneDoesNot() throws Exception {
    try (StoreBreaker breaker = StoreBreaker.start(this::check, OFTEN)) {
      breaker.listen(listener());

      outage = new StoreUnavailableException("away", null);
      assertThat(next()).isEqualTo("paused: away");
      breaker.failed(new StoreUnavailableException("away still", null));
      outage = null;

      assertThat(next()).isEqualTo("resumed");
      assertThat(told).isEmpty();
    }
  }

  @Test
  void shouldTellWhoComesWhileItIsOpen() throws Exception {
    outage = new StoreUnavailableException("away", null);
    try (StoreBreaker breaker = StoreBreaker.start(this::check, OFTEN)) {
      breaker.failed(new StoreUnavailableException("no answer", null));
      breaker.listen(listener());

      assertThat(next()).isIn("paused: no answer", "paused: away");
    }
  }

  @Test
  void shouldPauseForGoodWhenTheStoreIsAnotherOne() throws Exception {
    try (MemoryObjectStore store = new MemoryObjectStore()) {
      String id = StoreIdentity.obtain(store, InstantSource.system()).id();
      try (StoreBreaker breaker = StoreBreaker.start(new IdentityProbe(store, id), OFTEN)) {
        breaker.listen(listener());
        assertThat(breaker.failure()).isNotDone();

        store.put(
            BucketLayout.IDENTITY_KEY,
            ObjectBody.of(
                "{\"format\":1,\"id\":\"another\",\"created\":\"2026-01-01T00:00:00Z\"}"
                    .getBytes(StandardCharsets.UTF_8)));

        assertThat(next()).startsWith("paused: ").contains("another now (expected: " + id);
        assertThat(breaker.failure().get(1, TimeUnit.MINUTES))
            .isInstanceOf(StoreMismatchException.class);
      }
    }
  }

  @Test
  void shouldFindTheStoreAmongCauses() {
    StoreRefusedException refused = new StoreRefusedException("no", null);

    assertThat(StoreOutages.causeOf(new IllegalStateException(new UncheckedIOException(refused))))
        .contains(refused);
    assertThat(StoreOutages.causeOf(new IllegalStateException("other"))).isEmpty();
  }

  private void check() throws IOException {
    IOException now = outage;
    if (now != null) {
      throw now;
    }
  }

  private String next() throws InterruptedException {
    return Objects.requireNonNull(told.poll(1, TimeUnit.MINUTES), "nothing came");
  }

  private StoreBreaker.Listener listener() {
    return new StoreBreaker.Listener() {
      @Override
      public void paused(String why) {
        told.add("paused: " + why);
      }

      @Override
      public void resumed() {
        told.add("resumed");
      }
    };
  }
}
