package io.castore.cli.command;

import io.castore.blobs.Blobs;
import io.castore.blobs.RemoteBlobs;
import io.castore.cli.system.ReadStore;
import io.castore.content.digest.Digest;
import io.castore.content.layout.ChunkList;
import io.castore.pipeline.config.InvalidConfigException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.util.Optional;

/** Where a command reads blobs: a store, or a service. Safe for use by many threads. */
final class BlobSource implements AutoCloseable {
  private final Blobs blobs;
  private final String place;
  private final Runnable closing;

  private BlobSource(Blobs blobs, String place, Runnable closing) {
    this.blobs = blobs;
    this.place = place;
    this.closing = closing;
  }

  /** Opens the service that the options name, or else the store. */
  static BlobSource open(GlobalOptions options) throws IOException, InvalidConfigException {
    Optional<Server> server = options.server();
    if (server.isPresent()) {
      RemoteBlobs remote = server.get().connect();
      return new BlobSource(remote, "at " + server.get(), remote::close);
    }
    ReadStore local = ReadStore.open(options.config());
    return new BlobSource(local.blobs(), "in the store " + local.store().url(), local::close);
  }

  /**
   * Opens a blob, or a chunk.
   *
   * @throws FileNotFoundException if there is neither; the message is for a person
   */
  SeekableByteChannel open(Digest digest) throws IOException {
    return blobs.openRead(digest).orElseThrow(() -> absent(digest));
  }

  /** Gives the chunks of a blob, or a chunk. Throws what {@link #open} does. */
  ChunkList chunks(Digest digest) throws IOException {
    return blobs.chunks(digest).orElseThrow(() -> absent(digest));
  }

  private FileNotFoundException absent(Digest digest) {
    return new FileNotFoundException("no blob %s %s".formatted(digest, place));
  }

  @Override
  public void close() {
    closing.run();
  }
}
