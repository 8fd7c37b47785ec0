package io.castore.endtoend.faults;

import io.castore.content.digest.Digest;
import io.castore.endtoend.Contents;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeMap;

/** Makes many files of the same content, which take the disk's space of one. */
final class SameFile {
  private SameFile() {}

  /** Makes them, with bytes that no compression makes smaller. */
  static Sample make(Path directory, int files, int bytesEach, long seed) throws IOException {
    Path first = Files.createDirectories(directory).resolve("0000");
    Files.write(first, Contents.random(bytesEach, seed));
    Digest digest = Contents.digest(first);
    TreeMap<String, Digest> digests = new TreeMap<>();
    for (int i = 0; i < files; i++) {
      String name = "%04d".formatted(i);
      if (i > 0) {
        Files.createLink(directory.resolve(name), first);
      }
      digests.put(directory.getFileName() + "/" + name, digest);
    }
    return new Sample(directory, digests, (long) files * bytesEach);
  }
}
