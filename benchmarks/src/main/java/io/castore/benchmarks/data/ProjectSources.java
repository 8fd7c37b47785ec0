package io.castore.benchmarks.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The sources of this project. */
final class ProjectSources {
  private ProjectSources() {}

  /** Reads the Java files of all modules, in the order of their names. */
  static Material read(Path project) throws IOException {
    List<byte[]> sources = new ArrayList<>();
    try (Stream<Path> modules = Files.list(project)) {
      for (Path module : modules.map(path -> path.resolve("src")).sorted().toList()) {
        if (Files.isDirectory(module)) {
          addJavaFiles(module, sources);
        }
      }
    }
    return new Material("this project's sources, again and again in another order", sources);
  }

  private static void addJavaFiles(Path directory, List<byte[]> sources) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.filter(path -> path.toString().endsWith(".java")).sorted().toList()) {
        sources.add(Files.readAllBytes(file));
      }
    }
  }
}
