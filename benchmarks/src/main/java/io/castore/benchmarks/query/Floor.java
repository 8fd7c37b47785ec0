package io.castore.benchmarks.query;

import io.castore.content.blob.ChunkReader;
import io.castore.content.digest.Digest;
import io.castore.content.layout.BucketLayout;
import io.castore.content.layout.ChunkList;
import io.castore.content.objectstore.ObjectReader;
import java.io.IOException;
import java.io.InputStream;

/**
 * What a service has to do at least, done by one thread without any: the same GETs, decompressed
 * and hashed.
 */
final class Floor {
  private final ObjectReader store;
  private final ChunkReader chunks;
  private final ChunkList blob;

  Floor(ObjectReader store, ChunkList blob) {
    this.store = store;
    this.chunks = new ChunkReader(store);
    this.blob = blob;
  }

  /** Reads the whole blob, and gives its length. */
  long readAll() throws IOException {
    long bytes = 0;
    for (int i = 0; i < blob.count(); i++) {
      bytes += chunks.read(blob.get(i)).orElseThrow().length;
    }
    return bytes;
  }

  /** Reads the chunks of a range, and gives their length. */
  long readRange(long start, int length) throws IOException {
    long bytes = 0;
    int last = blob.indexAt(start + length - 1);
    for (int i = blob.indexAt(start); i <= last; i++) {
      bytes += chunks.read(blob.get(i)).orElseThrow().length;
    }
    return bytes;
  }

  /** Looks whether a chunk is there, as who knows nothing else of its digest: blob first. */
  boolean stat(Digest digest) throws IOException {
    try (InputStream list = store.open(BucketLayout.blobKey(digest)).orElse(null)) {
      return list != null || store.stat(BucketLayout.chunkKey(digest)).isPresent();
    }
  }
}
