package io.castore.blobs;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The writers that were not closed yet. Safe for use by many threads. */
final class OpenSinks implements AutoCloseable {
  private final Set<ContentSink> sinks = ConcurrentHashMap.newKeySet();

  /** Makes an upload that is aborted with the others, unless it has ended before. */
  BlobUpload upload(ContentSink sink) {
    sinks.add(sink);
    return new BlobUpload(sink, sinks::remove);
  }

  @Override
  public void close() {
    sinks.forEach(ContentSink::abort);
  }
}
