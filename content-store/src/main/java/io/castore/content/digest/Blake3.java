package io.castore.content.digest;

import io.castore.content.digest.blake3.NodeHasher;
import io.castore.content.digest.blake3.NodeHashers;
import io.castore.content.digest.blake3.NodeTree;
import io.castore.content.digest.blake3.Nodes;
import java.util.Arrays;
import java.util.Objects;

/**
 * Hashes bytes with BLAKE3-256, at once or as they come. Fast with a few hundred kilobytes at a
 * time or more; the digest never depends on how the bytes come.
 *
 * <p>Algorithm: <a href="https://github.com/BLAKE3-team/BLAKE3-specs">BLAKE3, one function, fast
 * everywhere</a>, in its hash mode.
 *
 * <p>Holds some 40 KiB of working memory, and is meant to be used again and again. Not thread-safe:
 * one instance belongs to one thread at a time.
 */
public final class Blake3 {
  private static final ThreadLocal<Blake3> OF_THREAD = ThreadLocal.withInitial(Blake3::new);

  private final NodeHasher hasher;
  private final NodeTree tree = new NodeTree();

  /** The last bytes that were taken in. A full leaf stays here until it is known not to be last. */
  private final byte[] leaf = new byte[Nodes.LEAF_LENGTH];

  private int leafLength;

  /** Hashes in the fastest way that there is, or the one that {@link NodeHashers} is told. */
  public Blake3() {
    this(NodeHashers.chosen().create());
  }

  /** Hashes with a hasher that nothing else uses. */
  public Blake3(NodeHasher hasher) {
    this.hasher = hasher;
  }

  /** Hashes an array. */
  public static Digest hash(byte[] bytes) {
    return hash(bytes, 0, bytes.length);
  }

  /** Hashes {@code length} bytes of an array, from {@code offset} on. */
  public static Digest hash(byte[] bytes, int offset, int length) {
    boolean finished = false;
    try {
      Digest digest = OF_THREAD.get().update(bytes, offset, length).finish();
      finished = true;
      return digest;
    } finally {
      if (!finished) {
        // It may have taken in a part, which would be in the next digest.
        OF_THREAD.remove();
      }
    }
  }

  /**
   * Takes in more bytes. The array can be reused after the call.
   *
   * @throws IndexOutOfBoundsException if the array does not hold them
   */
  public Blake3 update(byte[] bytes, int offset, int length) {
    Objects.checkFromIndexSize(offset, length, bytes.length);
    int at = offset;
    int end = offset + length;
    if (leafLength > 0) {
      at += buffer(bytes, at, Math.min(Nodes.LEAF_LENGTH - leafLength, length));
      if (at < end) {
        tree.add(hasher, leaf, 0, 1);
        leafLength = 0;
      }
    }
    while (end - at > Nodes.LEAF_LENGTH) {
      int leaves = Math.min(NodeTree.MOST_LEAVES_AT_ONCE, (end - at - 1) / Nodes.LEAF_LENGTH);
      tree.add(hasher, bytes, at, leaves);
      at += leaves * Nodes.LEAF_LENGTH;
    }
    buffer(bytes, at, end - at);
    return this;
  }

  private int buffer(byte[] bytes, int offset, int length) {
    System.arraycopy(bytes, offset, leaf, leafLength, length);
    leafLength += length;
    return length;
  }

  /**
   * Gives the digest of everything taken in since the start or the last call of this, and starts
   * anew.
   */
  public Digest finish() {
    // The last block is hashed as if zeros followed.
    Arrays.fill(leaf, leafLength, leaf.length, (byte) 0);
    byte[] digest = new byte[Digest.LENGTH];
    tree.finish(leaf, leafLength, digest);
    leafLength = 0;
    return Digest.of(digest);
  }
}
