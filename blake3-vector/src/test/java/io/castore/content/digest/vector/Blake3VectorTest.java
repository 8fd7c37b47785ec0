package io.castore.content.digest.vector;

import io.castore.content.digest.Blake3ContractTest;
import io.castore.content.digest.blake3.NodeHasher;
import io.castore.content.digest.blake3.NodeHashers;

final class Blake3VectorTest extends Blake3ContractTest {
  @Override
  protected NodeHasher hasher() {
    return NodeHashers.VECTOR.create();
  }
}
