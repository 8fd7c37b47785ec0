package io.castore.benchmarks;

import java.util.List;

/** How BLAKE3 is computed, and the JVM's options that make it so. */
enum Backend {
  /** The widest vectors that the JVM uses. */
  VECTOR("vector"),
  /** Vectors of 256 bits where there are wider ones. */
  VECTOR_AVX2("vector, AVX2"),
  LANES("lanes"),
  SCALAR("scalar"),
  /** For what does not hash by a backend of ours. */
  NONE("–");

  private static final String MODULE = "--add-modules=jdk.incubator.vector";
  private static final String CHOICE = "-Dcastore.blake3=";

  private final String label;

  Backend(String label) {
    this.label = label;
  }

  String label() {
    return label;
  }

  List<String> options() {
    return switch (this) {
      case VECTOR -> List.of(MODULE, CHOICE + "vector");
      case VECTOR_AVX2 -> List.of(MODULE, CHOICE + "vector", "-XX:UseAVX=2");
      case LANES -> List.of(CHOICE + "lanes");
      case SCALAR -> List.of(CHOICE + "scalar");
      case NONE -> List.of();
    };
  }
}
