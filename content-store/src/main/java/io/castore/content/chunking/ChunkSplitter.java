package io.castore.content.chunking;

import java.io.IOException;
import java.io.InputStream;

/**
 * Splits streams into chunks. The chunks depend on a stream's content alone, never on how many
 * bytes its reads give.
 *
 * <p>Holds one buffer, which starts at 64 KiB or less, grows as far as the streams need it, to four
 * times the largest chunk at most (2 MiB at the default sizes), and is kept from stream to stream.
 *
 * <p>Not thread-safe: one instance belongs to one thread at a time, and splits one stream at a
 * time.
 */
public final class ChunkSplitter {
  private static final int FIRST_CAPACITY = 64 * 1024;

  /** Streams may hold as much native memory as they are asked for bytes. */
  private static final int LONGEST_READ = 256 * 1024;

  private final FastCdc fastCdc;
  private final BufferSource buffers;
  private final int mostCapacity;
  private byte[] buffer;

  /** Splits into chunks of these sizes, as castore does. */
  public ChunkSplitter(ChunkSizes sizes) {
    this(new FastCdc(sizes));
  }

  /** Splits where a chunker says. */
  public ChunkSplitter(FastCdc fastCdc) {
    this(fastCdc, (used, capacity) -> used.length == capacity ? used : new byte[capacity]);
  }

  /** Splits where a chunker says, in buffers that may be kept beyond the consumer's call. */
  ChunkSplitter(FastCdc fastCdc, BufferSource buffers) {
    this.fastCdc = fastCdc;
    this.buffers = buffers;
    mostCapacity = 4 * fastCdc.maxBytes();
    buffer = new byte[Math.min(FIRST_CAPACITY, mostCapacity)];
  }

  /** Gives the buffers that streams are read into. */
  @FunctionalInterface
  interface BufferSource {
    /**
     * Takes a buffer that is full and gives the next one, which may be the same if its bytes are
     * needed no more, but for those that the caller moves itself.
     *
     * @param capacity how long the next one has to be, in bytes
     */
    byte[] replace(byte[] used, int capacity);
  }

  /**
   * Takes the chunks of a stream.
   *
   * @param <E> what it throws beside {@link IOException}
   */
  @FunctionalInterface
  public interface ChunkConsumer<E extends Exception> {
    /**
     * Takes the next chunk. An exception ends the splitting and reaches its caller.
     *
     * @param buffer holds the chunk during this call only; belongs to the splitter, and must not be
     *     written to
     * @param offset where the chunk starts
     * @param length how long it is, at least 1
     */
    void accept(byte[] buffer, int offset, int length) throws IOException, E;
  }

  /**
   * What a stream came to.
   *
   * @param bytes length of its content
   * @param chunks how many chunks were taken, none where the stream was empty
   */
  public record Totals(long bytes, long chunks) {}

  /**
   * Reads a stream to its end and hands on its chunks, in order. A chunk is handed on as soon as
   * the bytes of a largest chunk, or all that are left, were read. Does not close the stream.
   *
   * @throws IOException if reading fails, or the consumer threw it
   * @throws E if the consumer threw it
   */
  public <E extends Exception> Totals split(InputStream in, ChunkConsumer<E> consumer)
      throws IOException, E {
    long bytes = 0;
    long chunks = 0;
    int start = 0;
    int end = 0;
    boolean ended = false;
    while (true) {
      while (!ended && end - start < fastCdc.maxBytes()) {
        if (end == buffer.length) {
          makeRoom(start, end);
          end -= start;
          start = 0;
        }
        int read = in.read(buffer, end, Math.min(buffer.length - end, LONGEST_READ));
        if (read < 0) {
          ended = true;
        } else {
          end += read;
        }
      }
      if (start == end) {
        return new Totals(bytes, chunks);
      }
      int length = fastCdc.cut(buffer, start, end - start);
      consumer.accept(buffer, start, length);
      start += length;
      bytes += length;
      chunks++;
    }
  }

  /**
   * Moves what is buffered to the front of the next buffer, which is larger than this one as long
   * as that is allowed: the larger it is, the less often anything is moved.
   */
  private void makeRoom(int start, int end) {
    byte[] source = buffer;
    buffer = buffers.replace(source, Math.min(2 * source.length, mostCapacity));
    System.arraycopy(source, start, buffer, 0, end - start);
  }
}
