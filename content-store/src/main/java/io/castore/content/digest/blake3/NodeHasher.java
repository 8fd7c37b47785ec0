package io.castore.content.digest.blake3;

/**
 * Hashes nodes of the tree into their chaining values.
 *
 * <p>Not thread-safe: an instance has working memory of its own, and belongs to one thread at a
 * time.
 */
public interface NodeHasher {
  /**
   * Hashes nodes that lie one behind the other, without gaps.
   *
   * @param kind what they are; each is {@link NodeKind#length()} bytes long
   * @param in holds them
   * @param offset where the first one begins
   * @param count how many they are, at least 1
   * @param firstLeaf number of the first one among the content's leaves; 0 for parents
   * @param values takes their chaining values, {@value Nodes#VALUE_LENGTH} bytes each, one behind
   *     the other. May be {@code in}, where the first value does not go further than the middle of
   *     the first node
   * @param valuesOffset where the first value goes
   * @throws IndexOutOfBoundsException if an array is too short
   */
  void hash(
      NodeKind kind,
      byte[] in,
      int offset,
      int count,
      long firstLeaf,
      byte[] values,
      int valuesOffset);
}
