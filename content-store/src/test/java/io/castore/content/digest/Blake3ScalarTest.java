package io.castore.content.digest;

import io.castore.content.digest.blake3.NodeHasher;
import io.castore.content.digest.blake3.NodeHashers;

final class Blake3ScalarTest extends Blake3ContractTest {
  @Override
  protected NodeHasher hasher() {
    return NodeHashers.SCALAR.create();
  }
}
