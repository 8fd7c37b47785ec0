package io.castore.cli.bench;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes command lines of {@code castore} as a user has them: with the launcher that started this
 * process, which finds the same JDK and the same {@code CASTORE_JAVA_OPTS}. Where none did, as in
 * tests, commands run as this process does: on the same JDK, with the same options of the JVM and
 * the same classes.
 *
 * @param settings options of every command, such as {@code --set} and what follows it
 */
record CastoreCommands(List<String> settings) {
  private static final String LAUNCHER = "castore.launcher";
  private static final String MAIN_CLASS = "io.castore.cli.Main";

  /** Options that are about this process alone: what its output is, and who debugs it. */
  private static final List<String> OWN = List.of("-Dcastore.terminal", "-agentlib:jdwp");

  /** Keeps the list as it is now. */
  CastoreCommands {
    settings = List.copyOf(settings);
  }

  /**
   * Makes a command line.
   *
   * @param dataDir the data directory; the state's is in it, whatever the configuration says
   * @param store URL of the store; empty for the data directory's own
   */
  List<String> line(Path dataDir, String store, List<String> arguments) {
    List<String> line = new ArrayList<>();
    String launcher = System.getProperty(LAUNCHER);
    if (launcher == null) {
      addThisJvm(line);
    } else {
      line.add(launcher);
    }
    line.addAll(arguments);
    line.addAll(settings);
    line.addAll(List.of("--data-dir", dataDir.toString()));
    line.addAll(List.of("--set", "state.dir=" + dataDir.resolve("state")));
    if (!store.isEmpty()) {
      line.addAll(List.of("--store", store));
    }
    return line;
  }

  private static void addThisJvm(List<String> line) {
    line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(option -> OWN.stream().noneMatch(option::startsWith))
        .forEach(line::add);
    line.addAll(List.of("-cp", System.getProperty("java.class.path"), MAIN_CLASS));
  }
}
