package io.castore.cli.command;

import io.castore.content.blob.BlobReader;
import io.castore.content.digest.Digest;
import io.castore.content.layout.ChunkList;
import io.castore.content.objectstore.ObjectStore;
import java.io.FileNotFoundException;
import java.io.IOException;

/** Finds blobs that a person asked for. */
final class Blobs {
  private Blobs() {}

  /**
   * Finds a blob, or a chunk.
   *
   * @throws FileNotFoundException if the store has neither; the message is for that person
   */
  static ChunkList require(BlobReader blobs, Digest digest, ObjectStore store) throws IOException {
    return blobs
        .find(digest)
        .orElseThrow(
            () ->
                new FileNotFoundException(
                    "no blob %s in the store %s".formatted(digest, store.url())));
  }
}
