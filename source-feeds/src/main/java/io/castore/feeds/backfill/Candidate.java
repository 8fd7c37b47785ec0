package io.castore.feeds.backfill;

import io.castore.ingest.Source;
import io.castore.proto.pipeline.SourceVersion;
import java.util.function.Supplier;

/**
 * A source that a listing found.
 *
 * @param name the source's name, a URI
 * @param path its path below what was listed, parted by slashes; patterns apply to it
 * @param version what the listing told of it
 * @param source makes the source itself, to be read
 */
public record Candidate(String name, String path, SourceVersion version, Supplier<Source> source) {
  /** Its length when it was listed, in bytes. */
  public long size() {
    return version.getSize();
  }
}
