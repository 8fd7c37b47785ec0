package io.castore.benchmarks.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * One file of each kind, made of what every machine with a JDK and this project has, and the same
 * whenever it is made from the same.
 *
 * @param origins what each kind was made from, to be shown to people
 */
public record DataSet(Map<DataKind, String> origins) {
  private static final long SEED = 3;

  /** Keeps the map as it is now. */
  public DataSet {
    origins = Map.copyOf(origins);
  }

  /**
   * Writes the files.
   *
   * @param directory where they go; it is made if need be
   * @param bytes length of each
   * @param jdkHomes JDKs to take from: sources from the first that brings them, binaries from the
   *     first
   * @param project the project's directory, whose sources stand in where no JDK brings its own
   * @throws IOException if reading or writing fails, or there is nothing to take from
   */
  public static DataSet write(Path directory, int bytes, List<Path> jdkHomes, Path project)
      throws IOException {
    Files.createDirectories(directory);
    Map<DataKind, String> origins = new EnumMap<>(DataKind.class);
    for (DataKind kind : DataKind.values()) {
      Path file = directory.resolve(kind.fileName());
      origins.put(kind, write(file, kind, bytes, jdkHomes, project));
    }
    return new DataSet(origins);
  }

  /**
   * Writes the file of one kind. Takes and throws what the other method does.
   *
   * @return what it was made from
   */
  public static String write(Path file, DataKind kind, int bytes, List<Path> jdkHomes, Path project)
      throws IOException {
    Material material =
        switch (kind) {
          case RANDOM -> random(bytes);
          case TEXT -> text(bytes, jdkHomes, project);
          case BINARY -> JdkBinaries.read(jdkHomes.get(0), bytes);
        };
    Files.write(file, material.fill(bytes));
    return material.origin();
  }

  private static Material random(int bytes) {
    byte[] content = new byte[bytes];
    new SplittableRandom(SEED).nextBytes(content);
    return new Material("generated", List.of(content));
  }

  private static Material text(int bytes, List<Path> jdkHomes, Path project) throws IOException {
    for (Path jdkHome : jdkHomes) {
      Optional<Material> sources = JdkSources.read(jdkHome, bytes);
      if (sources.isPresent()) {
        return sources.get();
      }
    }
    return ProjectSources.read(project);
  }
}
