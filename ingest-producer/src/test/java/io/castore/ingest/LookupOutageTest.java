package io.castore.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class LookupOutageTest {
  private final AtomicLong now = new AtomicLong(-10);
  private final LookupOutage outage = new LookupOutage(now::get);

  @Test
  void shouldLastLongerEachTimeUntilThereIsAnAnswer() {
    assertThat(outage.isOn()).isFalse();
    for (int seconds : new int[] {5, 10, 20, 40, 60, 60}) {
      failAndAwaitEnd(seconds);
    }
    outage.answered();
    failAndAwaitEnd(5);
  }

  @Test
  void shouldCountOnceForThoseWhoWaitedTogether() {
    outage.failed("no answer");
    outage.failed("no answer");
    pass(5);
    assertThat(outage.isOn()).isFalse();
    failAndAwaitEnd(10);
  }

  private void failAndAwaitEnd(int seconds) {
    outage.failed("no answer");
    pass(seconds - 1);
    assertThat(outage.isOn()).isTrue();
    pass(1);
    assertThat(outage.isOn()).isFalse();
  }

  private void pass(int seconds) {
    now.addAndGet(TimeUnit.SECONDS.toNanos(seconds));
  }
}
