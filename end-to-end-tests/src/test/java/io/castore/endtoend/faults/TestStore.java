package io.castore.endtoend.faults;

import io.castore.content.digest.Digest;
import io.castore.content.objectstore.ObjectStore;
import io.castore.content.objectstore.ObjectStores;
import io.castore.content.objectstore.S3Settings;
import io.castore.content.objectstore.StoreUrl;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.LongSummaryStatistics;
import java.util.Map;
import java.util.stream.Stream;

/** A store that is to suffer, seen from the command's side and from below. */
interface TestStore extends AutoCloseable {
  /** The configuration keys that lead to it, and their values. */
  Map<String, String> settings();

  /** The directory that holds its objects, each in a file at its key. */
  Path objects();

  /** Opens it from below, past what is in the way and is slow. */
  default ObjectStore open() {
    return ObjectStores.open(new StoreUrl.Directory(objects()), S3Settings.DEFAULTS);
  }

  /** Counts its chunks from below, while others write. */
  default long storedChunks() {
    return chunks().size();
  }

  /** Tells how long it was from the first chunk to the last. */
  default Duration storingTime() {
    LongSummaryStatistics times =
        chunks().stream().mapToLong(chunk -> chunk.toFile().lastModified()).summaryStatistics();
    return Duration.ofMillis(Math.max(0, times.getMax() - times.getMin()));
  }

  private List<Path> chunks() {
    Path chunks = objects().resolve("chunks");
    if (!Files.isDirectory(chunks)) {
      return List.of();
    }
    while (true) {
      try (Stream<Path> files = Files.walk(chunks)) {
        return files
            .filter(file -> file.getFileName().toString().length() == 2 * Digest.LENGTH)
            .toList();
      } catch (UncheckedIOException vanished) {
        if (!(vanished.getCause() instanceof NoSuchFileException)) {
          throw vanished;
        }
      } catch (IOException unreadable) {
        throw new UncheckedIOException(unreadable);
      }
    }
  }

  @Override
  void close() throws IOException;
}
