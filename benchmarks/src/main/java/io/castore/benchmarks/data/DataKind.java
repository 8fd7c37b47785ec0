package io.castore.benchmarks.data;

import java.util.Locale;

/** The kinds of data that are measured. */
public enum DataKind {
  /** Bytes that no encoder can shorten. */
  RANDOM,
  /** Source code. */
  TEXT,
  /** Machine code and class files. */
  BINARY;

  /** Gives the name of the file that holds data of this kind. */
  public String fileName() {
    return this + ".bin";
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
