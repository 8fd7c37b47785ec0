package io.castore.cli.bench;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a benchmark gave.
 *
 * @param second the second version, where there is one
 * @param rounds each phase's figures, by their names
 */
record BenchResult(
    MachineFacts machine,
    Corpus first,
    Optional<Corpus> second,
    Floors floors,
    List<Map<Phase, Figures>> rounds) {
  /** Keeps the list as it is now. */
  BenchResult {
    rounds = List.copyOf(rounds);
  }

  /** Each phase's figures over the rounds, in the order of the phases. */
  Map<Phase, Map<String, Spread>> spreads() {
    Map<Phase, Map<String, List<Double>>> values = new EnumMap<>(Phase.class);
    for (Map<Phase, Figures> round : rounds) {
      round.forEach(
          (phase, figures) -> {
            Map<String, List<Double>> ofPhase =
                values.computeIfAbsent(phase, absent -> new LinkedHashMap<>());
            figures
                .values()
                .forEach(
                    (name, value) ->
                        ofPhase.computeIfAbsent(name, absent -> new ArrayList<>()).add(value));
          });
    }
    Map<Phase, Map<String, Spread>> spreads = new EnumMap<>(Phase.class);
    values.forEach(
        (phase, figures) -> {
          Map<String, Spread> ofPhase = new LinkedHashMap<>();
          figures.forEach((name, all) -> ofPhase.put(name, Spread.of(all)));
          spreads.put(phase, ofPhase);
        });
    return spreads;
  }
}
