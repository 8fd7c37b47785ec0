package io.castore.benchmarks.peers;

import io.castore.cli.bench.Corpus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Where a tool works in a round.
 *
 * @param versions what it works on
 * @param store an empty directory, or one that the tool makes
 * @param scratch an empty directory for all else that it writes, its home too
 * @param restored a directory that is to hold {@code v1} again, with the directory of its first
 *     file
 */
record Place(Versions versions, Path store, Path scratch, Path restored) {
  /** Makes the directories, but the store's. */
  static Place in(Path directory, Versions versions) throws IOException {
    Place place =
        new Place(
            versions,
            directory.resolve("store"),
            Files.createDirectories(directory.resolve("scratch")),
            directory.resolve("restored"));
    Files.createDirectories(place.restored(versions.first().files().get(0)).getParent());
    return place;
  }

  /** Gives where a file of the first version is restored to. */
  Path restored(Corpus.File file) {
    return restored.resolve(versions.first().directory().relativize(file.path()));
  }

  /** Gives the version that a task is about. */
  Corpus version(Task task) {
    return task == Task.SECOND ? versions.second() : versions.first();
  }
}
