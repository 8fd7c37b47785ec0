package io.castore.cli.bench;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What is to be measured.
 *
 * @param first the first version: a directory, or a file
 * @param second the second version
 * @param phases what is wanted of it
 * @param rounds how often, each time on an empty system
 * @param workDir where to work; empty for a directory of the system's
 * @param keep whether what was made is kept
 * @param settings options of the configuration that all commands are to have
 */
public record BenchSettings(
    Path first,
    Optional<Path> second,
    Set<Phase> phases,
    int rounds,
    Optional<Path> workDir,
    boolean keep,
    List<String> settings) {
  /**
   * Keeps the collections as they are now.
   *
   * @throws IllegalArgumentException if there is nothing to do
   */
  public BenchSettings {
    phases = Set.copyOf(phases);
    settings = List.copyOf(settings);
    if (rounds < 1) {
      throw new IllegalArgumentException("rounds: " + rounds + " (expected: at least 1)");
    }
    if (phases.isEmpty()) {
      throw new IllegalArgumentException("phases: none (expected: at least one)");
    }
  }
}
