package io.castore.content.reading;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

final class ReadMemoryTest {
  private final ReadMemory memory = new ReadMemory(100, Runnable::run);

  @Test
  void shouldGrantAtOnceWhileThereIsRoom() {
    assertThat(memory.take(60).granted()).isDone();
    assertThat(memory.take(40).granted()).isDone();
    assertThat(memory.take(1).granted()).isNotDone();
    assertThat(memory.held()).isEqualTo(100);
    assertThat(memory.waits()).isOne();
  }

  @Test
  void shouldGrantInTurnAlsoWhereALaterOneWouldFit() {
    ReadMemory.Lease first = memory.take(60);
    ReadMemory.Lease large = memory.take(80);
    ReadMemory.Lease small = memory.take(10);

    assertThat(large.granted()).isNotDone();
    assertThat(small.granted()).isNotDone();
    assertThat(memory.takeSpare(10)).isEmpty();
    first.close();
    assertThat(large.granted()).isDone();
    assertThat(small.granted()).isDone();
    assertThat(memory.held()).isEqualTo(90);
  }

  @Test
  void shouldLetTheNextPassWhenOneStopsWaiting() {
    ReadMemory.Lease first = memory.take(60);
    ReadMemory.Lease large = memory.take(80);
    ReadMemory.Lease small = memory.take(10);

    large.close();
    assertThat(large.granted()).isNotDone();
    assertThat(small.granted()).isDone();
    first.close();
    first.close();
    small.close();
    assertThat(memory.held()).isZero();
  }

  @Test
  void shouldGrantMoreThanThereIsWhenThereIsNoOther() {
    ReadMemory.Lease first = memory.take(1);
    ReadMemory.Lease huge = memory.take(1000);

    assertThat(huge.granted()).isNotDone();
    first.close();
    assertThat(huge.granted()).isDone();
    assertThat(memory.take(1).granted()).isNotDone();
  }

  @Test
  void shouldAskTheLongestIdleForWhatItCanSpare() {
    ReadMemory.Lease idle = memory.takeSpare(50).orElseThrow();
    ReadMemory.Lease active = memory.takeSpare(50).orElseThrow();
    List<String> asked = new ArrayList<>();
    ReadMemory.Spare ofIdle = spare("idle", asked, idle);
    ReadMemory.Spare ofActive = spare("active", asked, active);
    memory.touch(ofActive);
    memory.touch(ofIdle);
    memory.touch(ofActive);

    assertThat(memory.take(50).granted()).isDone();
    assertThat(asked).containsExactly("idle");
  }

  @Property(tries = 300)
  void shouldNeverHoldMoreThanTheBudgetNorLoseAny(@ForAll @LongRange(max = 1000) long seed) {
    Random random = new Random(seed);
    ReadMemory shared = new ReadMemory(100, Runnable::run);
    List<ReadMemory.Lease> leases = new ArrayList<>();
    for (int step = 0; step < 200; step++) {
      if (random.nextBoolean()) {
        leases.add(shared.take(1 + random.nextInt(60)));
      } else if (!leases.isEmpty()) {
        leases.remove(random.nextInt(leases.size())).close();
      }
      assertThat(shared.held()).isLessThanOrEqualTo(100);
    }
    while (!leases.isEmpty()) {
      assertThat(leases.stream().anyMatch(lease -> lease.granted().isDone())).isTrue();
      leases.remove(leases.size() - 1).close();
    }
    assertThat(shared.held()).isZero();
    assertThat(shared.waiting()).isZero();
  }

  private static ReadMemory.Spare spare(String name, List<String> asked, ReadMemory.Lease lease) {
    return () -> {
      asked.add(name);
      lease.close();
    };
  }
}
