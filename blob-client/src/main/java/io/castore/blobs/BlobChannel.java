package io.castore.blobs;

import io.castore.content.layout.ChunkList;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.SeekableByteChannel;
import org.jspecify.annotations.Nullable;

/**
 * Reads a blob by way of its chunks, of which it holds one at a time. A seek touches nothing; a
 * read asks for the chunks that hold what it wants, and one that goes on where the chunks at hand
 * end asks for all the rest at once, since it is likely to be wanted.
 *
 * <p>Not thread-safe.
 */
final class BlobChannel implements SeekableByteChannel {
  private static final byte[] NO_CHUNK = new byte[0];

  private final ChunkList blob;
  private final ChunkStreams streams;
  private long position;
  private byte[] chunk = NO_CHUNK;
  private long chunkStart;

  /**
   * Place of the chunk after the one that was read last, which the stream gives if there is one.
   */
  private int next = -1;

  private @Nullable ChunkStream stream;
  private int streamEnd;
  private boolean closed;

  BlobChannel(ChunkList blob, ChunkStreams streams) {
    this.blob = blob;
    this.streams = streams;
  }

  @Override
  public int read(ByteBuffer target) throws IOException {
    requireOpen();
    if (position >= blob.size()) {
      return -1;
    }
    if (!target.hasRemaining()) {
      return 0;
    }
    if (position < chunkStart || position >= chunkStart + chunk.length) {
      load(target.remaining());
    }
    int from = (int) (position - chunkStart);
    int given = Math.min(target.remaining(), chunk.length - from);
    target.put(chunk, from, given);
    position += given;
    return given;
  }

  private void load(int wanted) throws IOException {
    // Gives the old chunk up first, so that there is never more than one.
    chunk = NO_CHUNK;
    int index = blob.indexAt(position);
    boolean goesOn = index == next;
    if (!goesOn || stream == null) {
      closeStream();
      streamEnd = goesOn ? blob.count() : endOf(wanted);
      stream = streams.open(index, streamEnd);
    }
    try {
      chunk = stream.next();
    } catch (IOException | RuntimeException failed) {
      closeStream();
      throw failed;
    }
    chunkStart = blob.offset(index);
    next = index + 1;
    if (next == streamEnd) {
      closeStream();
    }
  }

  private int endOf(int wanted) {
    long last = Math.min(wanted, blob.size() - position) - 1;
    return blob.indexAt(position + last) + 1;
  }

  private void closeStream() {
    if (stream != null) {
      stream.close();
      stream = null;
    }
  }

  @Override
  public long position() throws IOException {
    requireOpen();
    return position;
  }

  @Override
  public SeekableByteChannel position(long newPosition) throws IOException {
    requireOpen();
    if (newPosition < 0) {
      throw new IllegalArgumentException("position: " + newPosition + " (expected: at least 0)");
    }
    position = newPosition;
    return this;
  }

  @Override
  public long size() throws IOException {
    requireOpen();
    return blob.size();
  }

  @Override
  public int write(ByteBuffer source) {
    throw new NonWritableChannelException();
  }

  @Override
  public SeekableByteChannel truncate(long size) {
    throw new NonWritableChannelException();
  }

  @Override
  public boolean isOpen() {
    return !closed;
  }

  @Override
  public void close() {
    closed = true;
    chunk = NO_CHUNK;
    closeStream();
  }

  private void requireOpen() throws ClosedChannelException {
    if (closed) {
      throw new ClosedChannelException();
    }
  }
}
