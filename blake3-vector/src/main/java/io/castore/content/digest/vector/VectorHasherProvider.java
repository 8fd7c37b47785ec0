package io.castore.content.digest.vector;

import io.castore.content.digest.blake3.NodeHasher;
import io.castore.content.digest.blake3.NodeHasherProvider;

/** Makes {@link VectorHasher}s, where the JVM was started with the module that they need. */
public final class VectorHasherProvider implements NodeHasherProvider {
  private static final String NEEDED_MODULE = "jdk.incubator.vector";

  @Override
  public boolean isAvailable() {
    return ModuleLayer.boot().findModule(NEEDED_MODULE).isPresent();
  }

  @Override
  public NodeHasher create() {
    return new VectorHasher();
  }
}
