package io.castore.benchmarks;

import io.castore.benchmarks.report.Samples;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The crates blake3, fastcdc and zstd, in the program whose source is {@code yardstick}. */
final class RustCrates implements Yardstick {
  static final String NAME = "Rust crates";

  private final Optional<Path> program;
  private final Path data;
  private final Cores cores;
  private final Plan plan;

  private RustCrates(Optional<Path> program, Path data, Cores cores, Plan plan) {
    this.program = program;
    this.data = data;
    this.cores = cores;
    this.plan = plan;
  }

  /**
   * Builds the program, if cargo is there and can.
   *
   * @param source directory of its source
   * @param target where cargo builds it
   * @param data directory of the data
   * @param cores where it runs
   */
  static RustCrates build(Path source, Path target, Path data, Cores cores, Plan plan)
      throws InterruptedException {
    List<String> cargo = List.of("cargo", "build", "--release", "--locked", "--manifest-path");
    List<String> words = new ArrayList<>(cargo);
    words.add(source.resolve("Cargo.toml").toString());
    Optional<Path> program =
        Command.run(words, Map.of("CARGO_TARGET_DIR", target))
            .map(output -> target.resolve("release").resolve("castore-yardstick"));
    return new RustCrates(program, data, cores, plan);
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public boolean appliesTo(Workload workload) {
    return true;
  }

  @Override
  public Optional<Samples> measure(Workload workload) throws InterruptedException {
    if (program.isEmpty()) {
      return Optional.empty();
    }
    List<String> words = new ArrayList<>(cores.prefix(1));
    words.add(program.get().toString());
    words.add(workload.operation().rustName());
    words.add(data.resolve(workload.data().fileName()).toString());
    words.add(Integer.toString(workload.bytes()));
    words.add(Integer.toString(plan.iterations()));
    words.add(Long.toString(plan.yardstickIteration().toMillis()));
    return Command.run(words).map(RustCrates::parse);
  }

  /** Reads the rates from the program's one line; three fields stand before them. */
  static Samples parse(String line) {
    return new Samples(Stream.of(line.strip().split("\t")).skip(3).map(Double::valueOf).toList());
  }
}
