package io.castore.feeds.watch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

final class PendingOffsetsTest {
  @Test
  void shouldCommitNothingBeforeARecordWasTaken() {
    assertThat(new PendingOffsets().committable()).isEmpty();
  }

  @Property(tries = 200)
  void shouldNeverCommitPastWhatIsNotDoneWith(@ForAll("orders") List<Integer> order) {
    PendingOffsets offsets = new PendingOffsets();
    // Offsets of a topic have gaps: each is twice its place.
    IntStream.range(0, order.size()).forEach(place -> offsets.begin(2L * place));
    boolean[] done = new boolean[order.size()];
    for (int place : order) {
      offsets.end(2L * place);
      done[place] = true;
      int first = 0;
      while (first < done.length && done[first]) {
        first++;
      }
      long expected = first == done.length ? 2L * first - 1 : 2L * first;
      assertThat(offsets.committable()).isEqualTo(OptionalLong.of(expected));
    }
    assertThat(offsets.size()).isZero();
  }

  @Provide
  Arbitrary<List<Integer>> orders() {
    return Arbitraries.integers()
        .between(1, 40)
        .flatMap(count -> Arbitraries.shuffle(IntStream.range(0, count).boxed().toList()));
  }
}
