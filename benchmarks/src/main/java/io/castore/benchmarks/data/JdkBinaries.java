package io.castore.benchmarks.data;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A JDK's shared libraries and, after them, the image that holds its class files. */
final class JdkBinaries {
  private JdkBinaries() {}

  /** Reads the files in the order of their names, the image last, up to {@code enough} bytes. */
  static Material read(Path jdkHome, int enough) throws IOException {
    List<Path> files = new ArrayList<>();
    try (Stream<Path> tree = Files.walk(jdkHome)) {
      tree.filter(JdkBinaries::isLibrary).filter(Files::isRegularFile).sorted().forEach(files::add);
    }
    Path image = jdkHome.resolve("lib").resolve("modules");
    if (Files.isRegularFile(image)) {
      files.add(image);
    }

    List<byte[]> pieces = new ArrayList<>();
    int missing = enough;
    for (Path file : files) {
      try (InputStream in = Files.newInputStream(file)) {
        byte[] piece = in.readNBytes(missing);
        pieces.add(piece);
        missing -= piece.length;
      }
    }
    return new Material("libraries and classes of the JDK " + jdkHome.getFileName(), pieces);
  }

  private static boolean isLibrary(Path path) {
    String name = path.getFileName().toString();
    return name.endsWith(".so") || name.endsWith(".dylib") || name.endsWith(".dll");
  }
}
