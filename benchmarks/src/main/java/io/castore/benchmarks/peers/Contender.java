package io.castore.benchmarks.peers;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A tool that takes part in the rounds. */
interface Contender {
  /** Names of the columns that it fills. */
  List<String> columns();

  /**
   * Does all tasks, beginning with an empty store.
   *
   * @param directory an empty one, for all that it writes
   * @return what each column's tasks needed; nothing where the tool is not on this machine
   * @throws IOException if a task failed, or did not give back what it was given
   */
  Map<String, Map<Task, Measured>> round(Versions versions, Path directory)
      throws IOException, InterruptedException;
}
