package io.castore.benchmarks.gc;

/** The names of sources, in ten parts of about the same size, one of which is dropped at a time. */
final class Shelves {
  static final int COUNT = 10;

  private Shelves() {}

  /** What the names of the sources on a shelf start with. */
  static String prefix(int shelf) {
    return "benchmark:/%d/".formatted(shelf);
  }
}
