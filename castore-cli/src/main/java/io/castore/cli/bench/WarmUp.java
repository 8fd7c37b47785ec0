package io.castore.cli.bench;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;

/**
 * Files of random bytes that are ingested before anything is measured: so the service has its code
 * compiled, as one has that has run for a day. They are no part of any figure, and stay in the
 * store until the end.
 *
 * @param part an empty system, whose service runs
 */
record WarmUp(Part part) {
  private static final int MOST_FILES = 10_000;
  private static final int LONGEST_SMALL = 4 << 10;
  private static final long MOST_BYTES = 64 << 20;
  private static final Duration PATIENCE = Duration.ofMinutes(10);

  /** Makes the files, no more of them than there are to measure with, and ingests them. */
  void run() throws IOException, InterruptedException {
    BenchContext context = part.context();
    Path files = Files.createDirectories(part.directory().resolve("warm-up"));
    Random random = new Random(1);
    int count = Math.min(context.first().files().size(), MOST_FILES);
    for (int i = 0; i < count; i++) {
      byte[] content = new byte[1 + random.nextInt(LONGEST_SMALL)];
      random.nextBytes(content);
      Files.write(files.resolve("small-" + i), content);
    }
    writeLarge(files.resolve("large"), Math.min(context.first().bytes(), MOST_BYTES), random);
    Path err = part.directory().resolve("warm-up.err");
    Process ingest =
        context
            .children()
            .start(
                part.line("ingest", "--quiet", files.toString()),
                part.directory(),
                part.directory().resolve("warm-up.list"),
                err);
    context.children().await(ingest, "castore ingest (to warm up)", PATIENCE, err);
  }

  private static void writeLarge(Path file, long bytes, Random random) throws IOException {
    byte[] piece = new byte[1 << 20];
    try (OutputStream out = Files.newOutputStream(file)) {
      for (long left = bytes; left > 0; left -= piece.length) {
        random.nextBytes(piece);
        out.write(piece, 0, (int) Math.min(left, piece.length));
      }
    }
  }
}
