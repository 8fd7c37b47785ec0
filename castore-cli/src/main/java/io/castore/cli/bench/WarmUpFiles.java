package io.castore.cli.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;

/**
 * Files of random bytes, of which each has the size of one that is measured with.
 *
 * @param sizes their lengths, in bytes
 */
record WarmUpFiles(List<Long> sizes) {
  private static final int MOST_FILES = 10_000;
  private static final long MOST_BYTES = 512L << 20;

  /** So long that no file has the content of another one, or of one that is measured with. */
  private static final long SHORTEST = 32;

  // Less than this is measured in a moment, and so is not worth more than a moment.
  private static final int FEW_FILES = 1000;
  private static final long FEW_BYTES = 16 << 20;

  private static final int PIECE_BYTES = 1 << 20;

  /** Keeps the list as it is now. */
  WarmUpFiles {
    sizes = List.copyOf(sizes);
  }

  /** Takes sizes at random, no more than there are, and up to 10,000 files or 512 MiB. */
  static WarmUpFiles like(Corpus corpus) {
    List<Corpus.File> files = new ArrayList<>(corpus.files());
    Collections.shuffle(files, new Random(1));
    List<Corpus.File> chosen = files.subList(0, Math.min(files.size(), MOST_FILES));
    List<Long> sizes = new ArrayList<>();
    long left = Math.max(SHORTEST, Math.min(corpus.bytes(), MOST_BYTES));
    for (int i = 0; i < chosen.size() && left >= SHORTEST; i++) {
      // One file leaves room for others.
      long most = i == chosen.size() - 1 ? left : left / 2;
      long size = Math.max(SHORTEST, Math.min(chosen.get(i).bytes(), most));
      sizes.add(size);
      left -= size;
    }
    return new WarmUpFiles(sizes);
  }

  int count() {
    return sizes.size();
  }

  long bytes() {
    return sizes.stream().mapToLong(Long::longValue).sum();
  }

  /** Whether what is measured is so little that it is not worth a long warm-up. */
  boolean areFew() {
    return count() < FEW_FILES && bytes() < FEW_BYTES;
  }

  /** Writes them, over those that are there. */
  void write(Path directory, SplittableRandom random) throws IOException {
    Files.createDirectories(directory);
    for (int i = 0; i < count(); i++) {
      byte[] piece = new byte[(int) Math.min(sizes.get(i), PIECE_BYTES)];
      try (FileChannel file =
          FileChannel.open(
              directory.resolve("file-" + i),
              StandardOpenOption.CREATE,
              StandardOpenOption.WRITE)) {
        for (long left = sizes.get(i); left > 0; left -= piece.length) {
          random.nextBytes(piece);
          ByteBuffer content = ByteBuffer.wrap(piece, 0, (int) Math.min(left, piece.length));
          while (content.hasRemaining()) {
            file.write(content);
          }
        }
      }
    }
  }
}
