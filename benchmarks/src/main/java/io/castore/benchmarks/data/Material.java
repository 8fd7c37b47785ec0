package io.castore.benchmarks.data;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * What a content is made of.
 *
 * @param origin where it comes from, to be shown to people
 * @param pieces whole files, in their order
 */
record Material(String origin, List<byte[]> pieces) {
  private static final long SEED = 17;

  /**
   * Joins the pieces to a content of this length. Where they are too few they come again, in
   * another order each time, so that the chunks differ.
   *
   * @throws IOException if there is nothing to join
   */
  byte[] fill(int bytes) throws IOException {
    if (pieces.stream().allMatch(piece -> piece.length == 0)) {
      throw new IOException(origin + ": empty (expected: files with content)");
    }
    ByteBuffer content = ByteBuffer.allocate(bytes);
    List<byte[]> order = new ArrayList<>(pieces);
    Random random = new Random(SEED);
    while (content.hasRemaining()) {
      for (byte[] piece : order) {
        content.put(piece, 0, Math.min(piece.length, content.remaining()));
      }
      Collections.shuffle(order, random);
    }
    return content.array();
  }
}
