package io.castore.feeds;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

final class SourceOrderTest {
  /** Each step begins work on a source, or ends the oldest work that is under way. */
  @Property(tries = 300)
  void shouldWorkOnEachSourceInOrderAndOnNoneTwiceAtOnce(
      @ForAll @Size(max = 60) List<@IntRange(min = 0, max = 5) Integer> steps) {
    SourceOrder order = new SourceOrder();
    Map<String, Integer> numbers = new HashMap<>();
    Map<String, List<Integer>> begun = new HashMap<>();
    List<String> underWay = new ArrayList<>();
    for (int step : steps) {
      if (step < 3) {
        String source = "source" + step;
        int number = numbers.merge(source, 1, Integer::sum);
        order.begin(
            source,
            () -> {
              assertThat(underWay).doesNotContain(source);
              underWay.add(source);
              begun.computeIfAbsent(source, any -> new ArrayList<>()).add(number);
            });
      } else if (!underWay.isEmpty()) {
        order.end(underWay.remove(0));
      }
    }
    while (!underWay.isEmpty()) {
      order.end(underWay.remove(0));
    }
    assertThat(begun.keySet()).isEqualTo(numbers.keySet());
    begun.forEach(
        (source, inOrder) ->
            assertThat(inOrder).isSorted().hasSize(numbers.getOrDefault(source, 0)));
  }
}
