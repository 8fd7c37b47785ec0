package io.castore.gc;

import io.castore.gc.simulation.SimulatedPipeline;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.lifecycle.AfterContainer;
import org.assertj.core.api.Assertions;
import org.slf4j.LoggerFactory;

/**
 * Everything in any order: uploads, references, aborts, drops, pins, collections beside each other,
 * crashes that lose a part of what was under way. {@code -Dgc.simulations=N} makes N times as many.
 */
final class InterleavingsTest {
  private static final int SIMULATIONS = Integer.getInteger("gc.simulations", 1);
  private static final Map<String, Integer> HAPPENED = new TreeMap<>();

  @Property(tries = 20, shrinking = ShrinkingMode.OFF)
  void shouldNeverTakeWhatHasARootAndLeaveNothingElse(@ForAll long seed) throws Exception {
    for (int simulation = 0; simulation < SIMULATIONS; simulation++) {
      simulate(seed + simulation);
    }
  }

  /** A drop that had seen less than the one before it once took that one back. */
  @Example
  void shouldKeepToBothOfTwoDropsAtATime() throws Exception {
    simulate(-42797);
  }

  private static void simulate(long seed) throws Exception {
    Path directory = Files.createTempDirectory("gc-simulation");
    SimulatedPipeline pipeline = new SimulatedPipeline(new Random(seed), directory);
    pipeline.live();
    pipeline.finish();
    pipeline.happened().forEach((what, count) -> HAPPENED.merge(what, count, Integer::sum));
    Files.delete(directory);
  }

  /** A simulation in which nothing happens proves nothing. */
  @AfterContainer
  static void shouldHaveSeenEverything() {
    LoggerFactory.getLogger(InterleavingsTest.class).info("{}", HAPPENED);
    Assertions.assertThat(HAPPENED)
        .containsKeys("chunker crash", "collection", "drop", "indexer crash", "pin", "refused");
  }
}
