package io.castore.benchmarks.gc;

import io.castore.benchmarks.gc.GeneratedFile.Block;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Makes files: most have 1 to 20 KB, every tenth of these is one that was made before, and one in
 * so many has 8 to 64 MB, half of which other files have, too.
 *
 * <p>Two with the same shape and different contents make files of the same sizes, in the same
 * order. Not thread-safe.
 */
final class FileMix {
  private static final int KILOBYTE = 1_000;
  private static final int MEGABYTE = 1_000_000;
  private static final int SMALLEST = KILOBYTE;
  private static final int LARGEST_SMALL = 20 * KILOBYTE;
  private static final int ONE_LARGE_IN = 800;
  private static final int ONE_REPEATED_IN = 10;
  private static final int SMALLEST_LARGE = 8 * MEGABYTE;
  private static final int LARGEST = 64 * MEGABYTE;

  /** Long enough that the cuts within are the same wherever it stands. */
  private static final int BLOCK = 2 * MEGABYTE;

  private static final int REMEMBERED = 20_000;
  private static final int REMEMBERED_BLOCKS = 500;

  private final SplittableRandom shape;
  private final SplittableRandom contents;
  private final List<GeneratedFile> small = new ArrayList<>();
  private final List<Block> blocks = new ArrayList<>();

  FileMix(long shape, long contents) {
    this.shape = new SplittableRandom(shape);
    this.contents = new SplittableRandom(contents);
  }

  GeneratedFile next() {
    if (shape.nextInt(ONE_LARGE_IN) == 0) {
      return large(shape.nextInt(SMALLEST_LARGE, LARGEST + 1));
    }
    if (shape.nextInt(ONE_REPEATED_IN) == 0 && !small.isEmpty()) {
      return small.get(shape.nextInt(small.size()));
    }
    GeneratedFile made = file(List.of(fresh(shape.nextInt(SMALLEST, LARGEST_SMALL + 1))));
    remember(small, made, REMEMBERED);
    return made;
  }

  private GeneratedFile large(int size) {
    List<Block> content = new ArrayList<>();
    boolean repeats = false;
    for (int left = size; left > 0; left -= BLOCK, repeats = !repeats) {
      if (left < BLOCK) {
        content.add(fresh(left));
      } else if (repeats && !blocks.isEmpty()) {
        content.add(blocks.get(shape.nextInt(blocks.size())));
      } else {
        Block block = fresh(BLOCK);
        remember(blocks, block, REMEMBERED_BLOCKS);
        content.add(block);
      }
    }
    return file(content);
  }

  private Block fresh(int length) {
    return new Block(contents.nextLong(), length);
  }

  private <T> void remember(List<T> all, T one, int most) {
    if (all.size() < most) {
      all.add(one);
    } else {
      all.set(shape.nextInt(most), one);
    }
  }

  /** A content has its name for ever, so that all uploads of a blob are of the same shelf. */
  private static GeneratedFile file(List<Block> content) {
    long seed = content.get(0).seed();
    return new GeneratedFile(
        "%s%016x"
            .formatted(Shelves.prefix((int) Long.remainderUnsigned(seed, Shelves.COUNT)), seed),
        List.copyOf(content));
  }
}
