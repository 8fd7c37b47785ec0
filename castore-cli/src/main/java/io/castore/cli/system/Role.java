package io.castore.cli.system;

import java.util.Locale;

/** A long-running service. Its text is its name on the command line. */
public enum Role {
  /** Takes uploads over HTTP and gRPC. */
  INGEST,
  /** Stores chunks. */
  CHUNKER,
  /** Gathers receipts and publishes blobs. */
  INDEXER,
  /** Answers reads over HTTP and gRPC, and tells of uploads. */
  QUERY,
  /** Ingests what bucket notifications and directories tell of, where any are configured. */
  WATCH;

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
