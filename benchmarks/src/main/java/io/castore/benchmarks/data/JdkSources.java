package io.castore.benchmarks.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** The sources that a JDK brings along. */
final class JdkSources {
  private JdkSources() {}

  /**
   * Reads Java files in the archive's order until there are {@code enough} bytes of them.
   *
   * @return empty where the JDK has no sources
   */
  static Optional<Material> read(Path jdkHome, int enough) throws IOException {
    Path archive = jdkHome.resolve("lib").resolve("src.zip");
    if (!Files.isRegularFile(archive)) {
      return Optional.empty();
    }
    List<byte[]> sources = new ArrayList<>();
    long total = 0;
    try (ZipFile zip = new ZipFile(archive.toFile())) {
      Iterator<? extends ZipEntry> entries = zip.entries().asIterator();
      while (entries.hasNext() && total < enough) {
        ZipEntry entry = entries.next();
        if (entry.getName().endsWith(".java")) {
          byte[] source = zip.getInputStream(entry).readAllBytes();
          sources.add(source);
          total += source.length;
        }
      }
    }
    return Optional.of(new Material("sources of the JDK " + jdkHome.getFileName(), sources));
  }
}
