package io.castore.benchmarks.peers;

import io.castore.cli.bench.Corpus;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * desync, with chunks of the same average as castore's. A version that is one file is stored as
 * such, any other as an archive. It always reads all.
 *
 * @param program its words
 */
record Desync(List<String> program) implements Peer {
  private static final String CHUNK_KIB = "64:256:1024";

  /** Keeps the list as it is now. */
  Desync {
    program = List.copyOf(program);
  }

  @Override
  public String name() {
    return "desync";
  }

  @Override
  public Call probe(Place place) {
    return call(place, "--help");
  }

  @Override
  public Optional<Call> init(Place place) {
    return Optional.of(Call.of(List.of("mkdir"), place.scratch(), Map.of(), place.store()));
  }

  @Override
  public Call call(Task task, Place place) {
    return switch (task) {
      case INGEST, AGAIN, UNCHANGED, SECOND -> store(place, place.version(task));
      case RESTORE -> restore(place);
      case VERIFY -> call(place, "verify", "-s", place.store());
    };
  }

  private Call store(Place place, Corpus version) {
    Path index = index(place, version);
    return version.files().size() == 1
        ? call(place, "make", "-m", CHUNK_KIB, "-s", place.store(), index, file(version))
        : call(place, "tar", "-i", "-m", CHUNK_KIB, "-s", place.store(), index, version.root());
  }

  private Call restore(Place place) {
    Corpus version = place.versions().first();
    Path target = place.restored().resolve("v1");
    return version.files().size() == 1
        ? call(
            place,
            "extract",
            "-s",
            place.store(),
            index(place, version),
            place.restored(version.files().get(0)))
        : call(place, "untar", "-i", "-s", place.store(), index(place, version), target);
  }

  private static Path file(Corpus version) {
    return version.files().get(0).path();
  }

  private static Path index(Place place, Corpus version) {
    return place.store().resolve(version.root().getFileName() + ".index");
  }

  private Call call(Place place, Object... arguments) {
    return Call.of(program, place.scratch(), Map.of("HOME", place.scratch().toString()), arguments);
  }
}
