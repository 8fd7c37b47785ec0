package io.castore.ingest;

import io.castore.content.digest.Digest;
import io.castore.proto.pipeline.ChunkRecord;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Holds the first chunk of an upload back until it is known whether it is the only one. The upload
 * is opened when a second one comes. The only one claims the blob, too, whose digest it has, so
 * that a small file takes one record of each kind.
 *
 * <p>Used by one thread.
 */
final class FirstChunk implements SourceReader.ChunkSink {
  private final Opening opening;
  private final SourceReader.ChunkSink next;
  private boolean isOpen;
  private @Nullable Held held;

  private record Held(Digest digest, ChunkRecord chunk) {}

  /** Tells that the upload begins. */
  @FunctionalInterface
  interface Opening {
    /** Is called once at most, before the first of several chunks is sent. */
    void open() throws IOException;
  }

  /**
   * Holds nothing yet.
   *
   * @param opening opens the upload
   * @param next takes each chunk
   */
  FirstChunk(Opening opening, SourceReader.ChunkSink next) {
    this.opening = opening;
    this.next = next;
  }

  /** Opens the upload now. Nothing is held back any more. */
  void open() throws IOException {
    if (isOpen) {
      return;
    }
    isOpen = true;
    opening.open();
    if (held != null) {
      Held first = held;
      held = null;
      next.accept(first.digest, first.chunk);
    }
  }

  @Override
  public void accept(Digest digest, ChunkRecord chunk) throws IOException {
    if (!isOpen && held == null) {
      held = new Held(digest, chunk);
      return;
    }
    open();
    next.accept(digest, chunk);
  }

  /** Sends the chunk that is the only one, where there is one. To be called at the end. */
  void end() throws IOException {
    if (held != null) {
      next.accept(held.digest, held.chunk.toBuilder().setClaimsBlob(true).build());
      held = null;
    }
  }
}
