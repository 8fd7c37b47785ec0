package io.castore.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Runs another program to its end. */
final class Command {
  private Command() {}

  /**
   * Runs it with all that it prints in one text.
   *
   * @return the text; empty where there is no such program or it fails
   */
  static Optional<String> run(List<String> words) throws InterruptedException {
    return run(words, Map.of());
  }

  /** Runs it as {@link #run(List)} does, with more variables in its environment. */
  static Optional<String> run(List<String> words, Map<String, Path> environment)
      throws InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(words).redirectErrorStream(true);
    environment.forEach((name, value) -> builder.environment().put(name, value.toString()));
    Process process;
    try {
      process = builder.start();
    } catch (IOException e) {
      return Optional.empty();
    }
    try {
      process.getOutputStream().close();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return process.waitFor() == 0 ? Optional.of(output) : Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      process.destroy();
    }
  }
}
