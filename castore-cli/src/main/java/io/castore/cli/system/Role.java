package io.castore.cli.system;

import java.util.Locale;

/** A long-running service. Its text is its name on the command line. */
public enum Role {
  /** Stores chunks. */
  CHUNKER,
  /** Gathers receipts and publishes blobs. */
  INDEXER;

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
