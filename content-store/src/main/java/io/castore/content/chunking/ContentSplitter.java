package io.castore.content.chunking;

import io.castore.content.digest.Blake3;
import io.castore.content.digest.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/**
 * Splits contents into chunks and digests both, in one pass over the bytes.
 *
 * <p>The calling thread reads and cuts. The rest is for helpers as long as they keep up, and else
 * for the calling thread, too: to digest a chunk, to make of it what the caller wants, and to take
 * it into the digest of the whole. What was made of the chunks is handed on in order. A content of
 * a single chunk is digested once, by the calling thread alone.
 *
 * <p>Up to eight chunks for each helper and two more are held in memory, in buffers of four times
 * the largest chunk at most, which are kept from content to content.
 *
 * <p>Not thread-safe: one instance belongs to one thread at a time. Many instances can share their
 * helpers.
 */
public final class ContentSplitter {
  /** One that it works on, and some that lie ready while the calling thread is with another. */
  private static final int CHUNKS_FOR_EACH_HELPER = 4;

  private final FastCdc fastCdc;
  private final Executor helpers;
  private final int chunksForHelpers;
  private final HeldBuffers buffers = new HeldBuffers();
  private Blake3 blake3 = new Blake3();
  private ChunkSplitter splitter;

  /**
   * Splits with the help of other threads.
   *
   * @param helpers runs what they are to do
   * @param helperCount how many they are; with none of them, the calling thread does all
   */
  public ContentSplitter(FastCdc fastCdc, Executor helpers, int helperCount) {
    this.fastCdc = fastCdc;
    this.helpers = helpers;
    chunksForHelpers = CHUNKS_FOR_EACH_HELPER * helperCount;
    splitter = new ChunkSplitter(fastCdc, buffers);
  }

  /**
   * Makes something of chunks. Safe for use by many threads.
   *
   * @param <T> what it makes
   */
  @FunctionalInterface
  public interface ChunkEncoder<T> {
    /**
     * Makes something of a chunk. An exception ends the splitting and reaches its caller.
     *
     * @param buffer holds the chunk during this call only, and must not be written to
     * @param offset where the chunk starts
     * @param length how long it is, at least 1
     */
    T encode(Digest digest, byte[] buffer, int offset, int length);
  }

  /**
   * Takes what was made of the chunks.
   *
   * @param <T> what it takes
   */
  @FunctionalInterface
  public interface EncodedSink<T> {
    /** Takes the next one, on the calling thread. An exception ends the splitting. */
    void accept(T encoded) throws IOException;
  }

  /**
   * Reads a content to its end and hands on what was made of its chunks, in order, and all of them
   * before it waits for a stream that has nothing to read at the moment. Does not close the stream.
   * Where an exception ends this, what helpers still make is dropped.
   *
   * @throws InterruptedIOException if the calling thread was interrupted while it waited for a
   *     helper
   * @throws IOException if reading fails, or the sink threw it
   */
  public <T> SplitContent split(InputStream in, ChunkEncoder<T> encoder, EncodedSink<T> sink)
      throws IOException {
    Pass<T> pass = new Pass<>(encoder, sink);
    boolean ended = false;
    try {
      ChunkSplitter.Totals totals =
          splitter.<IOException>split(new BeforeWaiting(in, pass::handOnAll), pass::take);
      Digest digest = pass.finish();
      ended = true;
      return new SplitContent(digest, totals.bytes(), totals.chunks());
    } finally {
      if (!ended) {
        startAnew();
      }
    }
  }

  /** Leaves to the helpers what they may still use. */
  private void startAnew() {
    blake3 = new Blake3();
    buffers.forget();
    splitter = new ChunkSplitter(fastCdc, buffers);
  }

  /** One content on its way. */
  private final class Pass<T> {
    private final ChunkEncoder<T> encoder;
    private final EncodedSink<T> sink;

    private final WholeDigest whole = new WholeDigest(blake3);

    /** Chunks that are not handed on yet, in order. */
    private final Deque<ChunkTask<T>> tasks = new ArrayDeque<>();

    /** The first chunk, as long as it may be the only one. */
    private @Nullable HeldChunk first;

    private boolean begun;

    Pass(ChunkEncoder<T> encoder, EncodedSink<T> sink) {
      this.encoder = encoder;
      this.sink = sink;
    }

    void take(byte[] buffer, int offset, int length) throws IOException {
      HeldChunk chunk = new HeldChunk(buffer, offset, length);
      buffers.hold(buffer);
      if (!begun) {
        begun = true;
        first = chunk;
        return;
      }
      encodeFirst();
      encode(chunk);
    }

    /** Lets the first chunk go, since it is not, or may not be, the only one. */
    private void encodeFirst() throws IOException {
      HeldChunk held = first;
      if (held != null) {
        first = null;
        encode(held);
      }
    }

    private void encode(HeldChunk chunk) throws IOException {
      whole.add(chunk);
      ChunkTask<T> task = new ChunkTask<>(chunk, encoder, whole);
      boolean forHelper = tasks.size() < chunksForHelpers;
      tasks.add(task);
      if (forHelper) {
        helpers.execute(task);
      } else {
        task.runUnlessBegun();
      }
      while (!tasks.isEmpty()
          && (tasks.element().isReady() || tasks.size() > 2 * chunksForHelpers)) {
        handOn(tasks.remove());
      }
    }

    /** Hands on all that was read, before the content may be silent for long. */
    void handOnAll() throws IOException {
      encodeFirst();
      // From the last one on, since the helpers are with the first ones.
      tasks.descendingIterator().forEachRemaining(ChunkTask::runUnlessBegun);
      while (!tasks.isEmpty()) {
        handOn(tasks.remove());
      }
    }

    Digest finish() throws IOException {
      HeldChunk only = first;
      if (only != null) {
        Digest digest = only.digest();
        sink.accept(only.encode(digest, encoder));
        buffers.release(only.buffer());
        return digest;
      }
      handOnAll();
      return whole.finish();
    }

    private void handOn(ChunkTask<T> task) throws IOException {
      sink.accept(task.encoded());
      whole.takeInUpTo(task.chunk);
      buffers.release(task.chunk.buffer());
    }
  }

  /** Digests and encodes a chunk, on whichever thread runs it first. */
  private static final class ChunkTask<T> extends FutureTask<T> {
    private final HeldChunk chunk;
    private final WholeDigest whole;

    ChunkTask(HeldChunk chunk, ChunkEncoder<T> encoder, WholeDigest whole) {
      super(() -> chunk.encode(chunk.digest(), encoder));
      this.chunk = chunk;
      this.whole = whole;
    }

    /** Tells whether nothing has to be waited for. */
    boolean isReady() {
      return isDone() && chunk.isTakenIn();
    }

    @Override
    protected void done() {
      whole.takeInIfNobodyDoes();
    }

    void runUnlessBegun() {
      // A future runs once, whoever calls.
      run();
    }

    /** Gives what was made of the chunk, after waiting for the thread that does it, if any. */
    T encoded() throws InterruptedIOException {
      runUnlessBegun();
      try {
        return get();
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
        throw new InterruptedIOException("interrupted while a chunk was compressed");
      } catch (ExecutionException failed) {
        if (failed.getCause() instanceof RuntimeException unchecked) {
          throw unchecked;
        }
        if (failed.getCause() instanceof Error error) {
          throw error;
        }
        throw new IllegalStateException(failed.getCause());
      }
    }
  }
}
