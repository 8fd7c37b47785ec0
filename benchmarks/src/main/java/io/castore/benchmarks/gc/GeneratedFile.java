package io.castore.benchmarks.gc;

import io.castore.content.digest.Digest;
import io.castore.ingest.Source;
import java.io.InputStream;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A file whose bytes are random, and the same whenever it is read.
 *
 * @param name of the source
 * @param blocks what it consists of
 */
record GeneratedFile(String name, List<Block> blocks) implements Source {
  /**
   * Random bytes.
   *
   * @param seed the same seed gives the same bytes
   */
  record Block(long seed, int length) {}

  long size() {
    return blocks.stream().mapToLong(Block::length).sum();
  }

  @Override
  public InputStream open() {
    return new Content(blocks);
  }

  @Override
  public void checkContent(Digest digest, long bytesRead) {}

  @Override
  public boolean canReadAgain() {
    return true;
  }

  private static final class Content extends InputStream {
    private static final int PIECE = 8192;

    private final List<Block> blocks;
    private final byte[] piece = new byte[PIECE];
    private SplittableRandom random = new SplittableRandom(0);
    private int nextBlock;
    private int leftInBlock;
    private int at;
    private int end;

    Content(List<Block> blocks) {
      this.blocks = blocks;
    }

    @Override
    public int read() {
      return fill() ? piece[at++] & 0xff : -1;
    }

    @Override
    public int read(byte[] target, int offset, int wanted) {
      if (wanted == 0) {
        return 0;
      }
      if (!fill()) {
        return -1;
      }
      int length = Math.min(wanted, end - at);
      System.arraycopy(piece, at, target, offset, length);
      at += length;
      return length;
    }

    private boolean fill() {
      if (at < end) {
        return true;
      }
      while (leftInBlock == 0) {
        if (nextBlock == blocks.size()) {
          return false;
        }
        Block block = blocks.get(nextBlock++);
        random = new SplittableRandom(block.seed());
        leftInBlock = block.length();
      }
      random.nextBytes(piece);
      at = 0;
      end = Math.min(PIECE, leftInBlock);
      leftInBlock -= end;
      return true;
    }
  }
}
