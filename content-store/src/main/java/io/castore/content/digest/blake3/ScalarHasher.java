package io.castore.content.digest.blake3;

/** Hashes one node after the other. */
final class ScalarHasher implements NodeHasher {
  private final int[] value = new int[Nodes.VALUE_WORDS];

  @Override
  public void hash(
      NodeKind kind,
      byte[] in,
      int offset,
      int count,
      long firstLeaf,
      byte[] values,
      int valuesOffset) {
    for (int node = 0; node < count; node++) {
      Nodes.startValue(value);
      for (int block = 0; block < kind.blocks(); block++) {
        Compression.compress(
            value,
            in,
            offset + node * kind.length() + block * Nodes.BLOCK_LENGTH,
            Nodes.BLOCK_LENGTH,
            kind.counter(firstLeaf, node),
            kind.flags(block));
      }
      Words.copy(value, values, valuesOffset + node * Nodes.VALUE_LENGTH);
    }
  }
}
