package io.castore.endtoend;

import io.castore.content.chunking.ChunkSizes;
import io.castore.content.chunking.ChunkSplitter;
import io.castore.content.digest.Blake3;
import io.castore.content.digest.Digest;
import io.castore.content.layout.ChunkRef;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;

/** Makes what is to be ingested, and tells what ought to become of it. */
public final class Contents {
  private Contents() {}

  /** Gives bytes that no compression makes smaller and no other seed gives. */
  public static byte[] random(int size, long seed) {
    byte[] content = new byte[size];
    new Random(seed).nextBytes(content);
    return content;
  }

  /** Gives the bytes 0 to 254, 4,096 times: two chunks. */
  static byte[] blobB() {
    byte[] content = new byte[255 * 4096];
    for (int i = 0; i < content.length; i++) {
      content[i] = (byte) (i % 255);
    }
    return content;
  }

  /** Writes a file, and the directories that lead to it. */
  static Path write(Path file, byte[] content) throws IOException {
    Files.createDirectories(Objects.requireNonNull(file.getParent()));
    return Files.write(file, content);
  }

  /** Gives the line that {@code b3sum} prints of a file whose name needs no escapes. */
  static String line(byte[] content, String path) {
    return Blake3.hash(content) + "  " + path;
  }

  /** Hashes a file of any length. */
  public static Digest digest(Path file) throws IOException {
    Blake3 hash = new Blake3();
    byte[] buffer = new byte[1 << 16];
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        hash.update(buffer, 0, read);
      }
    }
    return hash.finish();
  }

  /** Gives the chunks of a content. */
  public static List<ChunkRef> chunks(byte[] content, int averageBytes) throws IOException {
    List<ChunkRef> chunks = new ArrayList<>();
    ChunkSplitter.Totals unused =
        new ChunkSplitter(new ChunkSizes(averageBytes))
            .<IOException>split(
                new ByteArrayInputStream(content),
                (buffer, offset, length) ->
                    chunks.add(new ChunkRef(Blake3.hash(buffer, offset, length), length)));
    return chunks;
  }
}
