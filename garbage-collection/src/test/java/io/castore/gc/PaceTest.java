package io.castore.gc;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class PaceTest {
  private final FakeClocks clocks = new FakeClocks();
  private long receipts;
  private boolean uploadsCome = true;

  /** One thread that works, and pauses. */
  private static final class FakeClocks implements Pace.Clocks {
    private long cpu;
    private long now = TimeUnit.DAYS.toNanos(1);

    void work(long millis) {
      cpu += TimeUnit.MILLISECONDS.toNanos(millis);
      now += TimeUnit.MILLISECONDS.toNanos(millis);
    }

    @Override
    public long cpuNanos() {
      return cpu;
    }

    @Override
    public long nanos() {
      return now;
    }

    @Override
    public void pause(long nanos) {
      now += nanos;
    }
  }

  private Map<Integer, Long> receiptEnds() {
    if (uploadsCome) {
      receipts++;
    }
    return Map.of(0, receipts);
  }

  private long millisFor(Pace pace, int pieces) throws Exception {
    long begun = clocks.now;
    for (int i = 0; i < pieces; i++) {
      clocks.work(1);
      pace.step();
    }
    return TimeUnit.NANOSECONDS.toMillis(clocks.now - begun);
  }

  @Test
  void shouldTakeItsShareWhileUploadsCome() throws Exception {
    Pace pace = new Pace(20, this::receiptEnds, clocks);

    assertThat(millisFor(pace, 10_000)).isBetween(49_000L, 51_000L);
  }

  @Test
  void shouldWorkOnWhenNoUploadsCome() throws Exception {
    Pace pace = new Pace(20, this::receiptEnds, clocks);
    assertThat(millisFor(pace, 5_000)).isBetween(24_000L, 26_000L);
    uploadsCome = false;

    assertThat(millisFor(pace, 10_000)).isLessThan(15_000);
  }

  @Test
  void shouldNotPauseWithoutALimit() throws Exception {
    Pace pace = new Pace(CollectionPlan.NO_LIMIT, this::receiptEnds, clocks);

    assertThat(millisFor(pace, 1_000)).isEqualTo(1_000);
  }

  @Test
  void shouldNotCountWhatIsWaitedFor() throws Exception {
    Pace pace = new Pace(20, this::receiptEnds, clocks);
    long begun = clocks.now;
    for (int i = 0; i < 1_000; i++) {
      clocks.work(1);
      clocks.pause(TimeUnit.MILLISECONDS.toNanos(9));
      pace.step();
    }

    assertThat(clocks.now - begun).isLessThan(TimeUnit.MILLISECONDS.toNanos(10_100));
  }
}
