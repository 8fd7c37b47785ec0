package io.castore.content.digest.blake3;

/** The two kinds of nodes, neither of them the root. */
public enum NodeKind {
  /** {@value Nodes#LEAF_LENGTH} bytes of the content. */
  LEAF(Nodes.LEAF_LENGTH),

  /** The chaining values of its two children, the left one first. */
  PARENT(2 * Nodes.VALUE_LENGTH);

  private final int length;
  private final int blocks;

  NodeKind(int length) {
    this.length = length;
    blocks = length / Nodes.BLOCK_LENGTH;
  }

  /** Gives how long what is hashed into such a node is, in bytes. */
  public int length() {
    return length;
  }

  /** Gives how many blocks that is. */
  public int blocks() {
    return blocks;
  }

  /** Gives what the compression function is told of a block, counted from 0. */
  public int flags(int block) {
    if (this == PARENT) {
      return Nodes.PARENT;
    }
    return (block == 0 ? Nodes.CHUNK_START : 0) | (block == blocks - 1 ? Nodes.CHUNK_END : 0);
  }

  /** Gives the compression function's counter for the i-th node from one with this counter on. */
  public long counter(long first, int i) {
    return this == LEAF ? first + i : 0;
  }
}
