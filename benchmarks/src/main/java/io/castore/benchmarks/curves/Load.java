package io.castore.benchmarks.curves;

import io.castore.cli.bench.Corpus;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Files of random bytes, which share nothing.
 *
 * @param files how many
 * @param fileBytes how long each is
 */
record Load(int files, long fileBytes) {
  private static final int DIRECTORY_FILES = 1000;
  private static final int PIECE_BYTES = 1 << 20;

  /**
   * Writes them.
   *
   * @param parts directories that they are spread over, as evenly as it goes
   * @return each of these directories
   */
  List<Corpus> write(Path directory, int parts) throws IOException {
    SplittableRandom random = new SplittableRandom(directory.hashCode());
    List<Corpus> written = new ArrayList<>();
    for (int part = 0; part < parts; part++) {
      Path root = Files.createDirectories(directory.resolve("part-" + part));
      int count = files / parts + (part < files % parts ? 1 : 0);
      for (int i = 0; i < count; i++) {
        Path below = Files.createDirectories(root.resolve("d" + i / DIRECTORY_FILES));
        write(below.resolve("f" + i), random);
      }
      written.add(Corpus.of(root));
    }
    return written;
  }

  private void write(Path file, SplittableRandom random) throws IOException {
    byte[] piece = new byte[(int) Math.min(PIECE_BYTES, fileBytes)];
    try (FileChannel out =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      for (long left = fileBytes; left > 0; left -= piece.length) {
        random.nextBytes(piece);
        ByteBuffer content = ByteBuffer.wrap(piece, 0, (int) Math.min(left, piece.length));
        while (content.hasRemaining()) {
          out.write(content);
        }
      }
    }
  }
}
