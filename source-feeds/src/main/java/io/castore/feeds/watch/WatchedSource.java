package io.castore.feeds.watch;

import io.castore.feeds.KnownSources;
import io.castore.feeds.SourceFault;
import io.castore.ingest.Source;
import java.io.IOException;

/** A source of which something said that there is a new version. Used by one thread at a time. */
interface WatchedSource {
  /** Its name, a URI. */
  String name();

  /**
   * Tells whether it need not be read, since the store has it.
   *
   * @throws IOException if that cannot be found out
   */
  boolean isDone(KnownSources known) throws IOException;

  /** Makes the source to be read. */
  Source source();

  /** Tells why the source that was made last could not be read. */
  SourceFault fault();
}
