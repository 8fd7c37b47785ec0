package io.castore.benchmarks.peers;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * restic, with its defaults: compression as it decides, its cache in a directory of its own.
 *
 * @param program its words
 */
record Restic(List<String> program) implements Peer {
  /** Keeps the list as it is now. */
  Restic {
    program = List.copyOf(program);
  }

  @Override
  public String name() {
    return "restic";
  }

  @Override
  public Call probe(Place place) {
    return Call.of(program, place.scratch(), Map.of(), "version");
  }

  @Override
  public Optional<Call> init(Place place) {
    return Optional.of(call(place, "init", "--repository-version", "2"));
  }

  @Override
  public Call call(Task task, Place place) {
    return switch (task) {
      case INGEST -> call(place, "backup", "--tag", "first", "v1");
      case AGAIN -> call(place, "backup", "--force", "v1");
      case UNCHANGED -> call(place, "backup", "v1");
      case SECOND -> call(place, "backup", "v2");
      case RESTORE ->
          call(place, "restore", "latest", "--tag", "first", "--target", place.restored());
      case VERIFY -> call(place, "check", "--read-data");
    };
  }

  private Call call(Place place, Object... arguments) {
    return Call.of(
            program,
            place.versions().first().directory(),
            Map.of("RESTIC_PASSWORD", "x", "HOME", place.scratch().toString()),
            arguments)
        .with("--quiet", "--repo", place.store().toString())
        .with("--cache-dir", place.scratch().resolve("cache").toString());
  }
}
