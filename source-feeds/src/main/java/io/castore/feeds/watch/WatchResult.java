package io.castore.feeds.watch;

import io.castore.feeds.SourceFault;

/** What became of a {@link WatchedSource}. */
sealed interface WatchResult {
  /** It was read, and its blob is readable. */
  record Ingested(long bytes) implements WatchResult {}

  /** The store has it. */
  record Skipped() implements WatchResult {}

  /** It could not be read or stored. */
  record Failed(SourceFault fault, String reason) implements WatchResult {}
}
