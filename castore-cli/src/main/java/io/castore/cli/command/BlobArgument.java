package io.castore.cli.command;

import io.castore.content.blob.BlobReader;
import io.castore.content.digest.Digest;
import io.castore.content.layout.ChunkList;
import io.castore.content.objectstore.ObjectStore;
import java.io.IOException;
import picocli.CommandLine.Parameters;

/** The argument of a command that is about one blob. */
final class BlobArgument {
  @Parameters(
      paramLabel = "DIGEST",
      converter = DigestConverter.class,
      description = "64 hex characters, b3:<base64> or blake3-<base64>.")
  private Digest digest = Digest.EMPTY;

  /** Finds the blob. Throws what {@link Blobs#require} does. */
  ChunkList find(BlobReader blobs, ObjectStore store) throws IOException {
    return Blobs.require(blobs, digest, store);
  }
}
