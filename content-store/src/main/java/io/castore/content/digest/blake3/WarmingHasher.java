package io.castore.content.digest.blake3;

import org.jspecify.annotations.Nullable;

/**
 * Hashes in lanes until vector instructions are quicker, and then with them.
 *
 * <p>Code that uses the JVM's vector API is a hundred times slower than any other until the JVM has
 * compiled it. So a short run never touches it, and a longer one has it compiled aside, by {@link
 * VectorWarmUp}.
 */
final class WarmingHasher implements NodeHasher {
  private final NodeHasher lanes;
  private final NodeHasherProvider provider;
  private @Nullable NodeHasher vector;

  WarmingHasher(NodeHasher lanes, NodeHasherProvider provider) {
    this.lanes = lanes;
    this.provider = provider;
  }

  @Override
  public void hash(
      NodeKind kind,
      byte[] in,
      int offset,
      int count,
      long firstLeaf,
      byte[] values,
      int valuesOffset) {
    hasher(count).hash(kind, in, offset, count, firstLeaf, values, valuesOffset);
  }

  private NodeHasher hasher(int count) {
    NodeHasher ready = vector;
    if (ready == null) {
      if (!VectorWarmUp.isDone(provider, count)) {
        return lanes;
      }
      ready = provider.create();
      vector = ready;
    }
    return ready;
  }
}
