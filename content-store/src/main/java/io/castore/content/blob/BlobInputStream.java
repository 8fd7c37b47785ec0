package io.castore.content.blob;

import io.castore.content.layout.ChunkList;
import io.castore.content.layout.ChunkRef;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;

/** Gives a part of a blob, chunk by chunk. Holds one chunk at a time. Not thread-safe. */
final class BlobInputStream extends InputStream {
  private static final byte[] NO_CHUNK = new byte[0];

  private final ChunkReader chunks;
  private final ChunkList blob;
  private final long end;

  /** The next byte's place in the blob. */
  private long position;

  private byte[] chunk = NO_CHUNK;

  /** Where the chunk at hand starts in the blob. */
  private long chunkStart;

  private boolean closed;

  BlobInputStream(ChunkReader chunks, ChunkList blob, long start, long end) {
    this.chunks = chunks;
    this.blob = blob;
    this.position = start;
    this.end = end;
  }

  @Override
  public int read() throws IOException {
    if (remainingInChunk() == 0) {
      return -1;
    }
    return chunk[(int) (position++ - chunkStart)] & 0xff;
  }

  @Override
  public int read(byte[] target, int offset, int wanted) throws IOException {
    Objects.checkFromIndexSize(offset, wanted, target.length);
    if (wanted == 0) {
      return 0;
    }
    int given = Math.min(wanted, remainingInChunk());
    if (given == 0) {
      return -1;
    }
    System.arraycopy(chunk, (int) (position - chunkStart), target, offset, given);
    position += given;
    return given;
  }

  /** Passes over bytes without reading the chunks that hold nothing else. */
  @Override
  public long skip(long wanted) {
    long skipped = Math.max(0, Math.min(wanted, end - position));
    position += skipped;
    return skipped;
  }

  @Override
  public int available() {
    long atHand = Math.min(end, chunkStart + chunk.length) - position;
    return (int) Math.max(0, atHand);
  }

  @Override
  public void close() {
    closed = true;
    chunk = NO_CHUNK;
  }

  /** Reads the chunk that holds the next byte unless it is at hand. Gives 0 at the end. */
  private int remainingInChunk() throws IOException {
    if (closed) {
      throw new IOException("the stream of blob " + blob.blob() + " is closed");
    }
    if (position == end) {
      return 0;
    }
    if (position >= chunkStart + chunk.length) {
      // Gives the old chunk up first, so that there is never more than one.
      chunk = NO_CHUNK;
      int index = blob.indexAt(position);
      ChunkRef wanted = blob.get(index);
      chunk =
          chunks
              .read(wanted)
              .orElseThrow(() -> new MissingChunkException(blob.blob(), wanted.digest()));
      chunkStart = blob.offset(index);
    }
    return (int) (Math.min(end, chunkStart + chunk.length) - position);
  }
}
