package io.castore.endtoend.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/**
 * Kills, cuts off and fills up whatever there is while real files are ingested, again and again,
 * and checks that nothing is lost. Run by {@code ./mvnw -Pfaults verify}; see the README of this
 * module.
 */
@Tag("faults")
final class FaultsTest {
  private static FaultSuite suite;

  @BeforeAll
  static void prepare() throws IOException {
    suite =
        new FaultSuite(
            FaultOptions.fromSystemProperties(), Path.of("target", "faults"), System.out::println);
  }

  @AfterAll
  static void summarize() {
    System.out.println(suite.summary());
  }

  @TestFactory
  Stream<DynamicContainer> shouldLoseNothingWhen() {
    return suite.cases().stream()
        .map(
            faultCase ->
                dynamicContainer(
                    faultCase.toString(),
                    IntStream.rangeClosed(1, suite.rounds(faultCase))
                        .mapToObj(round -> round(faultCase, round))));
  }

  private static DynamicTest round(FaultCase faultCase, int round) {
    return dynamicTest(
        "%s, round %d".formatted(faultCase, round),
        () -> {
          RoundResult result = suite.run(faultCase, round);
          if (result.outcome() == RoundResult.Outcome.SKIPPED) {
            abort(result.remark());
          }
          assertThat(result.outcome()).as(result.toString()).isEqualTo(RoundResult.Outcome.PASSED);
        });
  }
}
