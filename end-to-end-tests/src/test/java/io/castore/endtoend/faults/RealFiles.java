package io.castore.endtoend.faults;

import io.castore.content.digest.Digest;
import io.castore.endtoend.Contents;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * Gathers real files, which every machine that builds this has: those of the JDK, and the jars of
 * the local repository, some of them unpacked into the many small files that they are. The same
 * machine gives the same files every time.
 */
final class RealFiles {
  private static final Pattern PLAIN_NAME = Pattern.compile("[A-Za-z0-9_./$-]+");
  private static final long SMALL_FILES_A_MEGABYTE = 15;
  private static final long LARGEST_SHARE = 2;
  private static final long LEAST_LARGE_BYTES = 1 << 20;

  private final Path directory;
  private final long wanted;
  private final TreeMap<String, Digest> digests = new TreeMap<>();
  private long bytes;

  private RealFiles(Path directory, long wanted) {
    this.directory = directory;
    this.wanted = wanted;
  }

  /**
   * Gathers files.
   *
   * @param directory where they go; has to be missing
   * @param megabytes how much of them there is to be
   * @throws IOException if the machine has not that much
   */
  static Sample gather(Path directory, long megabytes) throws IOException {
    RealFiles files = new RealFiles(directory, megabytes << 20);
    List<Path> jars = inOrder(localRepository(), ".jar");
    files.unpack(jars, megabytes * SMALL_FILES_A_MEGABYTE);
    List<Path> large = new ArrayList<>(inOrder(Path.of(System.getProperty("java.home")), ""));
    large.removeIf(file -> file.toFile().length() < LEAST_LARGE_BYTES);
    large.addAll(jars);
    files.copy(large);
    if (files.bytes < files.wanted / 10 * 9) {
      throw new IOException(
          "%d MB of files found in %s and the JDK (expected: %d)"
              .formatted(files.bytes >> 20, localRepository(), megabytes));
    }
    return new Sample(directory, files.digests, files.bytes);
  }

  private static Path localRepository() {
    String configured = System.getProperty("localRepository");
    return configured == null
        ? Path.of(System.getProperty("user.home"), ".m2", "repository")
        : Path.of(configured);
  }

  private static List<Path> inOrder(Path root, String ending) throws IOException {
    try (Stream<Path> files = Files.walk(root)) {
      return files
          .filter(file -> file.toString().endsWith(ending) && Files.isRegularFile(file))
          // Our own are other ones after every build.
          .filter(file -> !file.toString().contains("castore"))
          .sorted()
          .toList();
    }
  }

  private void unpack(List<Path> jars, long count) throws IOException {
    for (Path jar : jars) {
      try (ZipFile zip = new ZipFile(jar.toFile())) {
        for (ZipEntry entry : Collections.list(zip.entries())) {
          if (digests.size() >= count || bytes > wanted / LARGEST_SHARE) {
            return;
          }
          if (!entry.isDirectory() && PLAIN_NAME.matcher(entry.getName()).matches()) {
            try (InputStream content = zip.getInputStream(entry)) {
              take("small/" + jar.getFileName() + "/" + entry.getName(), content);
            }
          }
        }
      }
    }
  }

  private void copy(List<Path> files) throws IOException {
    for (Path file : files) {
      boolean fits = bytes + Files.size(file) <= wanted + LEAST_LARGE_BYTES;
      if (fits && PLAIN_NAME.matcher(file.getFileName().toString()).matches()) {
        try (InputStream content = Files.newInputStream(file)) {
          take("large/%03d-%s".formatted(digests.size(), file.getFileName()), content);
        }
      }
    }
  }

  private void take(String name, InputStream content) throws IOException {
    Path file = directory.resolve(name);
    if (name.contains("..") || Files.exists(file)) {
      return;
    }
    Files.createDirectories(file.resolveSibling(""));
    bytes += Files.copy(content, file);
    digests.put(directory.getFileName() + "/" + name, Contents.digest(file));
  }
}
