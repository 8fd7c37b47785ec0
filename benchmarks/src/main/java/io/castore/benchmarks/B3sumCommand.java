package io.castore.benchmarks;

import io.castore.benchmarks.report.Samples;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** The command {@code b3sum} on one thread, its start and the mapping of the file included. */
final class B3sumCommand implements Yardstick {
  static final String NAME = "b3sum";

  /** How often one command hashes the file, so that its start weighs little. */
  private static final int FILES = 16;

  private final Path data;
  private final Cores cores;
  private final Plan plan;

  B3sumCommand(Path data, Cores cores, Plan plan) {
    this.data = data;
    this.cores = cores;
    this.plan = plan;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public boolean appliesTo(Workload workload) {
    return workload.operation() == Operation.HASH_STREAM && workload.bytes() == plan.contentBytes();
  }

  @Override
  public Optional<Samples> measure(Workload workload) throws InterruptedException {
    List<String> words = new ArrayList<>(cores.prefix(1));
    words.addAll(List.of("b3sum", "--num-threads", "1"));
    String file = data.resolve(workload.data().fileName()).toString();
    words.addAll(Collections.nCopies(FILES, file));
    List<Double> rates = new ArrayList<>();
    for (int repetition = 0; repetition < plan.commandRepetitions(); repetition++) {
      long start = System.nanoTime();
      if (Command.run(words).isPresent()) {
        double micros = (System.nanoTime() - start) / 1e3;
        rates.add((double) FILES * workload.bytes() / micros);
      }
    }
    return rates.isEmpty() ? Optional.empty() : Optional.of(new Samples(rates));
  }
}
