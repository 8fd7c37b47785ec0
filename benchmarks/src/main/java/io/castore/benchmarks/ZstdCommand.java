package io.castore.benchmarks;

import io.castore.benchmarks.report.Samples;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** The benchmark in the command {@code zstd}. It gives the best of its own repetitions. */
final class ZstdCommand implements Yardstick {
  static final String NAME = "zstd -b3 -B256K";

  private static final Pattern RATES =
      Pattern.compile("\\(x[0-9.]+\\), *([0-9.]+) MB/s, *([0-9.]+) MB/s");

  private final Path data;
  private final Cores cores;
  private final Plan plan;

  ZstdCommand(Path data, Cores cores, Plan plan) {
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
    return workload.operation() == Operation.COMPRESS
        || workload.operation() == Operation.DECOMPRESS;
  }

  @Override
  public Optional<Samples> measure(Workload workload) throws InterruptedException {
    List<String> words = new ArrayList<>(cores.prefix(1));
    words.addAll(List.of("zstd", "-b3", "-B256K", "-i1"));
    words.add(data.resolve(workload.data().fileName()).toString());
    int rate = workload.operation() == Operation.COMPRESS ? 1 : 2;
    List<Double> rates = new ArrayList<>();
    for (int repetition = 0; repetition < plan.commandRepetitions(); repetition++) {
      Command.run(words).flatMap(output -> parse(output, rate)).ifPresent(rates::add);
    }
    return rates.isEmpty() ? Optional.empty() : Optional.of(new Samples(rates));
  }

  /**
   * Reads a rate from what the command prints.
   *
   * @param rate 1 for compression, 2 for decompression
   */
  static Optional<Double> parse(String output, int rate) {
    List<MatchResult> lines = RATES.matcher(output).results().toList();
    return lines.isEmpty()
        ? Optional.empty()
        : Optional.of(Double.valueOf(lines.get(lines.size() - 1).group(rate)));
  }
}
