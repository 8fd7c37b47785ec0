package io.castore.content.chunking;

import java.io.InputStream;
import java.util.function.IntSupplier;

/** Gives an array's bytes in reads that are as long as is said before each. */
final class ShortReads extends InputStream {
  private final byte[] content;
  private final IntSupplier lengths;
  private int position;

  ShortReads(byte[] content, IntSupplier lengths) {
    this.content = content;
    this.lengths = lengths;
  }

  @Override
  public int read() {
    return position < content.length ? content[position++] & 0xff : -1;
  }

  @Override
  public int read(byte[] target, int offset, int wanted) {
    if (position == content.length) {
      return -1;
    }
    int given = Math.min(lengths.getAsInt(), Math.min(wanted, content.length - position));
    System.arraycopy(content, position, target, offset, given);
    position += given;
    return given;
  }

  @Override
  public int available() {
    return content.length - position;
  }
}
