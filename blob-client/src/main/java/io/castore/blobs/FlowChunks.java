package io.castore.blobs;

import io.castore.content.layout.ChunkList;
import io.castore.content.reading.BlobFlow;
import io.castore.content.reading.CachedBlobs;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;

/** Chunks that come through the cache of a store's blobs, and are verified there. */
final class FlowChunks implements ChunkStreams {
  private final CachedBlobs blobs;
  private final ChunkList blob;
  private final Duration patience;

  /**
   * Reads a blob.
   *
   * @param patience how long a chunk may take
   */
  FlowChunks(CachedBlobs blobs, ChunkList blob, Duration patience) {
    this.blobs = blobs;
    this.blob = blob;
    this.patience = patience;
  }

  @Override
  public ChunkStream open(int first, int end) {
    long start = blob.offset(first);
    long length = blob.offset(end - 1) + blob.get(end - 1).size() - start;
    return new FlowStream(blobs.open(blob, start, length), first);
  }

  /**
   * Copies what comes: a channel may keep a chunk for long, and the memory of a flow's pieces is
   * shared by all readers.
   */
  private final class FlowStream implements ChunkStream {
    private final BlobFlow flow;
    private ByteBuffer piece = ByteBuffer.allocate(0);
    private int next;

    FlowStream(BlobFlow flow, int first) {
      this.flow = flow;
      next = first;
    }

    @Override
    public byte[] next() throws IOException {
      byte[] chunk = new byte[(int) blob.get(next).size()];
      int filled = 0;
      while (filled < chunk.length) {
        if (!piece.hasRemaining()) {
          piece = nextPiece();
        }
        int taken = Math.min(piece.remaining(), chunk.length - filled);
        piece.get(chunk, filled, taken);
        filled += taken;
      }
      next++;
      return chunk;
    }

    private ByteBuffer nextPiece() throws IOException {
      Optional<ByteBuffer> given =
          Await.result(flow.next(), patience, "the store to give a chunk of blob " + blob.blob());
      return given.orElseThrow(
          () -> new EOFException("blob %s ended before its chunk %d".formatted(blob.blob(), next)));
    }

    @Override
    public void close() {
      flow.close();
    }
  }
}
