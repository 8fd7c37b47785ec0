package io.castore.benchmarks.peers;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * borg, without encryption and with zstd as castore has it.
 *
 * @param program its words
 */
record Borg(List<String> program) implements Peer {
  /** Keeps the list as it is now. */
  Borg {
    program = List.copyOf(program);
  }

  @Override
  public String name() {
    return "borg";
  }

  @Override
  public Call probe(Place place) {
    return Call.of(program, place.scratch(), Map.of(), "--version");
  }

  @Override
  public Optional<Call> init(Place place) {
    return Optional.of(call(place, directory(place), "init", "-e", "none", place.store()));
  }

  @Override
  public Call call(Task task, Place place) {
    Path files = directory(place);
    return switch (task) {
      case INGEST -> create(place, "first").with("v1");
      case AGAIN -> create(place, "again").with("--files-cache", "disabled", "v1");
      case UNCHANGED -> create(place, "unchanged").with("v1");
      case SECOND -> create(place, "second").with("v2");
      case RESTORE -> call(place, place.restored(), "extract", place.store() + "::first");
      case VERIFY -> call(place, files, "check", "--verify-data", place.store());
    };
  }

  private Call create(Place place, String archive) {
    return call(place, directory(place), "create", "-C", "zstd,3", place.store() + "::" + archive);
  }

  private static Path directory(Place place) {
    return place.versions().first().directory();
  }

  private Call call(Place place, Path directory, Object... arguments) {
    return Call.of(
        program,
        directory,
        Map.of(
            "BORG_BASE_DIR",
            place.scratch().toString(),
            "BORG_UNKNOWN_UNENCRYPTED_REPO_ACCESS_IS_OK",
            "yes"),
        arguments);
  }
}
