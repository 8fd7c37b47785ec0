package io.castore.content.chunking;

import io.castore.content.digest.Blake3;
import io.castore.content.digest.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Splits contents into chunks and digests both, in one pass over the bytes.
 *
 * <p>The calling thread reads and cuts. The rest is for helpers as long as they keep up, and else
 * for the calling thread, too: to digest a chunk, to make of it what the caller wants, and to take
 * it into the digest of the whole. What was made of the chunks is handed on in order. A content of
 * a single chunk is digested once, by the calling thread alone.
 *
 * <p>Chunks may be looked up first. No thread waits for an answer as long as more can be read, so
 * that many chunks await theirs at a time.
 *
 * <p>Up to eight chunks for each helper and two more are held in memory. While the first of them
 * awaits an answer there may be more, until they have the bytes that may be held then, and one
 * chunk more. They lie in buffers of four times the largest chunk at most, which are kept from
 * content to content: of these there are as many as the chunks fill where each is three quarters
 * full, and three more. What was made of the chunks that are held comes on top.
 *
 * <p>Not thread-safe: one instance belongs to one thread at a time. Many instances can share their
 * helpers.
 */
public final class ContentSplitter {
  /** One that it works on, and some that lie ready while the calling thread is with another. */
  private static final int CHUNKS_FOR_EACH_HELPER = 4;

  /** How many bytes of chunks are held for answers where nothing else is said: 16 MiB. */
  public static final long DEFAULT_AWAITING_BYTES = 16L << 20;

  private final FastCdc fastCdc;
  private final Executor helpers;
  private final int chunksForHelpers;
  private final long awaitingBytes;
  private final HeldBuffers buffers = new HeldBuffers();
  private Blake3 blake3 = new Blake3();
  private ChunkSplitter splitter;

  /**
   * Splits with the help of other threads, and holds {@link #DEFAULT_AWAITING_BYTES} for answers.
   *
   * @param helpers runs what they are to do
   * @param helperCount how many they are; with none of them, the calling thread does all
   */
  public ContentSplitter(FastCdc fastCdc, Executor helpers, int helperCount) {
    this(fastCdc, helpers, helperCount, DEFAULT_AWAITING_BYTES);
  }

  /**
   * Splits with the help of other threads.
   *
   * @param helpers runs what they are to do
   * @param helperCount how many they are; with none of them, the calling thread does all
   * @param awaitingBytes how many bytes of chunks may be held while the first of them awaits an
   *     answer, where that is more than is held anyway
   */
  public ContentSplitter(FastCdc fastCdc, Executor helpers, int helperCount, long awaitingBytes) {
    this.fastCdc = fastCdc;
    this.helpers = helpers;
    this.awaitingBytes = awaitingBytes;
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
   * Finds out which chunks are known, whose bytes nobody needs.
   *
   * @param <T> what it makes of these
   */
  public interface ChunkLookup<T> {
    /**
     * Asks about a chunk, and does not wait for the answer. Called on many threads. An exception
     * ends the splitting and reaches its caller.
     *
     * @param length how long the chunk is, at least 1
     * @return whether it is known, completed by whichever thread, within a time that is bounded;
     *     where that fails, the chunk is not known
     */
    CompletableFuture<Boolean> isKnown(Digest digest, int length);

    /** Makes something of a chunk that is known, on the calling thread. */
    T refer(Digest digest, int length);
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
    return split(in, new Pass<>(null, encoder, sink));
  }

  /**
   * Does the same, and encodes no chunk that a lookup knows.
   *
   * @throws InterruptedIOException if the calling thread was interrupted while it waited for a
   *     helper or an answer
   * @throws IOException if reading fails, or the sink threw it
   */
  public <T> SplitContent split(
      InputStream in, ChunkLookup<T> lookup, ChunkEncoder<T> encoder, EncodedSink<T> sink)
      throws IOException {
    return split(in, new Pass<>(lookup, encoder, sink));
  }

  private SplitContent split(InputStream in, Pass<?> pass) throws IOException {
    boolean ended = false;
    try {
      ChunkSplitter.Totals totals =
          splitter.<IOException>split(new BeforeWaiting(in, pass::handOnAll), pass::take);
      Digest digest = pass.finish();
      ended = true;
      return new SplitContent(digest, totals.bytes(), totals.chunks());
    } finally {
      if (!ended) {
        pass.abandon();
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
    private final EncodedSink<T> sink;
    private final WholeDigest whole = new WholeDigest(blake3);
    private final ChunkTask.Work<T> work;

    /** Chunks that are not handed on yet, in order. */
    private final Deque<ChunkTask<T>> tasks = new ArrayDeque<>();

    /** The first chunk, as long as it may be the only one. */
    private @Nullable HeldChunk first;

    private boolean begun;

    /** Of the chunks that are not handed on yet. */
    private long heldBytes;

    private volatile boolean abandoned;

    Pass(@Nullable ChunkLookup<T> lookup, ChunkEncoder<T> encoder, EncodedSink<T> sink) {
      this.sink = sink;
      work =
          new ChunkTask.Work<>(encoder, lookup, whole, new AtomicInteger(), this::leaveToHelpers);
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
      boolean forHelper = work.left().get() < chunksForHelpers;
      ChunkTask<T> task = new ChunkTask<>(chunk, work);
      tasks.add(task);
      heldBytes += chunk.length();
      if (forHelper) {
        helpers.execute(task);
      } else {
        task.run();
      }
      while (!tasks.isEmpty() && isDue(tasks.element())) {
        handOn(tasks.remove());
      }
    }

    /** Tells whether the first task is ready, or has to be waited for, since there is no room. */
    private boolean isDue(ChunkTask<T> task) throws IOException {
      if (task.isReady()) {
        return true;
      }
      if (tasks.size() <= 2 * chunksForHelpers) {
        return false;
      }
      if (heldBytes > awaitingBytes) {
        return true;
      }
      task.settle();
      return !task.awaitsAnswer();
    }

    /** Has a chunk encoded that is not known after all, unless the calling thread comes first. */
    private void leaveToHelpers(ChunkTask<T> task) {
      if (chunksForHelpers == 0 || abandoned) {
        return;
      }
      try {
        helpers.execute(task);
      } catch (RejectedExecutionException stopped) {
        // The calling thread does it.
      }
    }

    /** Has nothing begun any more when an answer comes. */
    void abandon() {
      abandoned = true;
    }

    /** Hands on all that was read, before the content may be silent for long. */
    void handOnAll() throws IOException {
      encodeFirst();
      // From the last one on, since the helpers are with the first ones.
      tasks.descendingIterator().forEachRemaining(ChunkTask::run);
      while (!tasks.isEmpty()) {
        handOn(tasks.remove());
      }
    }

    Digest finish() throws IOException {
      HeldChunk only = first;
      if (only != null) {
        ChunkTask<T> task = new ChunkTask<>(only, work);
        sink.accept(task.encoded());
        buffers.release(only.buffer());
        return task.digest();
      }
      handOnAll();
      return whole.finish();
    }

    private void handOn(ChunkTask<T> task) throws IOException {
      sink.accept(task.encoded());
      HeldChunk chunk = task.chunk();
      whole.takeInUpTo(chunk);
      buffers.release(chunk.buffer());
      heldBytes -= chunk.length();
    }
  }
}
