package io.castore.benchmarks.peers;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/**
 * A command line.
 *
 * @param words the program and its arguments
 * @param directory where it runs
 * @param environment variables beside those of this process
 */
record Call(List<String> words, Path directory, Map<String, String> environment) {
  /** Keeps the collections as they are now. */
  Call {
    words = List.copyOf(words);
    environment = Map.copyOf(environment);
  }

  /** Puts a program, which can be several words, and its arguments together. */
  static Call of(
      List<String> program, Path directory, Map<String, String> environment, Object... arguments) {
    List<String> words = new ArrayList<>(program);
    for (Object argument : arguments) {
      words.add(argument.toString());
    }
    return new Call(words, directory, environment);
  }

  /** The same with more arguments at its end. */
  Call with(String... more) {
    List<String> all = new ArrayList<>(words);
    Collections.addAll(all, more);
    return new Call(all, directory, environment);
  }
}
