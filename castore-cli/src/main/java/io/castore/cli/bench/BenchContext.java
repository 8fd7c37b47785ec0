package io.castore.cli.bench;

import io.castore.pipeline.config.CastoreConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * What all parts of a benchmark work with.
 *
 * @param phases those that are done
 * @param progress takes a line for each phase
 */
record BenchContext(
    CastoreConfig config,
    Corpus first,
    Optional<Corpus> second,
    Set<Phase> phases,
    CastoreCommands commands,
    Children children,
    Meter meter,
    Floors floors,
    Scratch scratch,
    Consumer<String> progress) {
  /** Keeps the collections as they are now. */
  BenchContext {
    phases = Set.copyOf(phases);
  }

  /** Adds what a phase is as a multiple of the least that it could take. */
  static void putFloor(Figures figures, double floorSeconds) {
    figures.put("floor_seconds", floorSeconds);
    figures.put("times_floor", figures.get("wall_seconds") / floorSeconds);
  }

  /**
   * Compares a restored first version. It is deleted at the end: a file system may take longer to
   * make files right after it has deleted many.
   */
  void compareFirst(Path restored) throws IOException {
    first.compare(restored);
  }
}
