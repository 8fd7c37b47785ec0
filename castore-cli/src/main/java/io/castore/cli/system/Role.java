package io.castore.cli.system;

/** A long-running service. */
public enum Role {
  /** Stores chunks. */
  CHUNKER,
  /** Gathers receipts and publishes blobs. */
  INDEXER
}
