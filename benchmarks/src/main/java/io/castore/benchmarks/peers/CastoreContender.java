package io.castore.benchmarks.peers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Has {@code castore bench} do the tasks on a JDK, with a service that runs and without one.
 *
 * @param command the launcher
 * @param jdk the JDK's directory
 * @param label names the JDK
 * @param phases those of {@code castore bench} that are wanted; empty for all
 */
record CastoreContender(Path command, Path jdk, String label, List<String> phases)
    implements Contender {
  private static final Map<Task, String> WARM =
      Map.of(
          Task.INGEST, "ingest",
          Task.AGAIN, "again",
          Task.UNCHANGED, "unchanged",
          Task.SECOND, "second-version",
          Task.RESTORE, "restore",
          Task.VERIFY, "verify");
  private static final Map<Task, String> COLD =
      Map.of(Task.INGEST, "cold-ingest", Task.RESTORE, "cold-restore");

  /** Whether a column is castore's. */
  static boolean isOurs(String column) {
    return column.startsWith("castore");
  }

  /** With the service running. */
  String warm() {
    return "castore, " + label;
  }

  /** As a command that starts all that it needs. */
  String cold() {
    return "castore cold, " + label;
  }

  @Override
  public List<String> columns() {
    List<String> columns = new ArrayList<>();
    if (isAsked(WARM) || !isAsked(COLD)) {
      columns.add(warm());
    }
    if (isAsked(COLD)) {
      columns.add(cold());
    }
    return columns;
  }

  private boolean isAsked(Map<Task, String> names) {
    return phases.isEmpty() || !Collections.disjoint(phases, names.values());
  }

  @Override
  public Map<String, Map<Task, Measured>> round(Versions versions, Path directory)
      throws IOException, InterruptedException {
    Path out = directory.resolve("bench.json");
    List<Object> arguments = new ArrayList<>();
    arguments.addAll(List.of("bench", versions.first().root(), versions.second().root()));
    arguments.addAll(List.of("--quiet", "--work-dir", directory, "--out", out));
    if (!phases.isEmpty()) {
      arguments.addAll(List.of("--phases", String.join(",", phases)));
    }
    MeasuredProcess.Used unused =
        MeasuredProcess.run(
            Call.of(
                List.of(command.toString()),
                directory,
                Map.of("JAVA_HOME", jdk.toString()),
                arguments.toArray()),
            directory.resolve("log"));
    JsonNode phases = new JsonMapper().readTree(out.toFile()).get("phases");
    return Map.of(warm(), tasks(phases, WARM), cold(), tasks(phases, COLD));
  }

  private static Map<Task, Measured> tasks(JsonNode phases, Map<Task, String> names) {
    Map<Task, Measured> tasks = new EnumMap<>(Task.class);
    double storedBytes = 0;
    double storedFiles = 0;
    for (Task task : Task.values()) {
      JsonNode phase = phases.path(names.getOrDefault(task, ""));
      if (!phase.isMissingNode()) {
        storedBytes = value(phase, "stored_bytes", storedBytes);
        storedFiles = value(phase, "stored_objects", storedFiles);
        tasks.put(
            task,
            new Measured(
                value(phase, "wall_seconds", 0),
                value(phase, "cpu_seconds", 0),
                value(phase, "client_peak_bytes", 0) + value(phase, "service_peak_bytes", 0),
                value(phase, "bytes", 0),
                storedBytes,
                storedFiles,
                value(phase, "added_bytes", 0)));
      }
    }
    return tasks;
  }

  private static double value(JsonNode phase, String figure, double absent) {
    return phase.path(figure).path("median").asDouble(absent);
  }
}
