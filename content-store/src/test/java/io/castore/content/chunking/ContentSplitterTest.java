package io.castore.content.chunking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.castore.content.digest.Blake3;
import io.castore.content.digest.Digest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.SequenceInputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

final class ContentSplitterTest {
  private static final FastCdc FAST_CDC = new FastCdc(new ChunkSizes(512));
  private static final Executor HELPERS = ForkJoinPool.commonPool();

  /** What is made of a chunk here. */
  private record Piece(Digest digest, List<Byte> bytes, Thread by) {
    static Piece of(Digest digest, byte[] buffer, int offset, int length) {
      List<Byte> bytes = new ArrayList<>(length);
      for (int i = offset; i < offset + length; i++) {
        bytes.add(buffer[i]);
      }
      return new Piece(digest, bytes, Thread.currentThread());
    }
  }

  @Property(tries = 200)
  void shouldGiveWhatOneThreadWouldGiveChunkByChunk(
      @ForAll long seed,
      @ForAll @IntRange(max = 60_000) int length,
      @ForAll @IntRange(max = 3) int helperCount,
      @ForAll @IntRange(min = 1, max = 10_000) int longestRead)
      throws IOException {
    Random random = new Random(seed);
    ContentSplitter splitter = new ContentSplitter(FAST_CDC, HELPERS, helperCount);
    // The second one finds buffers that the first one has left.
    for (int i = 0; i < 2; i++) {
      byte[] content = random(length, random);
      List<Piece> pieces = new ArrayList<>();

      SplitContent split =
          splitter.split(
              new ShortReads(content, () -> 1 + random.nextInt(longestRead)),
              Piece::of,
              pieces::add);

      int at = 0;
      for (Piece piece : pieces) {
        int size = FAST_CDC.cut(content, at, length - at);
        assertThat(piece.digest()).isEqualTo(Blake3.hash(content, at, size));
        assertThat(piece.bytes()).isEqualTo(Piece.of(piece.digest(), content, at, size).bytes());
        at += size;
      }
      assertThat(at).isEqualTo(length);
      assertThat(split).isEqualTo(new SplitContent(Blake3.hash(content), length, pieces.size()));
    }
  }

  @Test
  void shouldHandOnAllThatWasReadBeforeItWaitsForMore() throws IOException {
    byte[] content = random(20_000, new Random(4));
    List<Piece> pieces = new ArrayList<>();
    InputStream silent =
        new InputStream() {
          @Override
          public int read() {
            assertThat(pieces).isNotEmpty();
            int handedOn = pieces.stream().mapToInt(piece -> piece.bytes().size()).sum();
            assertThat(content.length - handedOn).isLessThan(FAST_CDC.maxBytes());
            return -1;
          }

          @Override
          public int read(byte[] target, int offset, int length) {
            return read();
          }
        };

    SplitContent split =
        new ContentSplitter(FAST_CDC, HELPERS, 2)
            .split(
                new SequenceInputStream(new ByteArrayInputStream(content), silent),
                Piece::of,
                pieces::add);

    assertThat(split.digest()).isEqualTo(Blake3.hash(content));
  }

  @Test
  void shouldKeepASmallContentToItsThread() throws IOException {
    ContentSplitter splitter = new ContentSplitter(FAST_CDC, HELPERS, 3);
    List<Piece> pieces = new ArrayList<>();

    splitter.split(new ByteArrayInputStream(new byte[300]), Piece::of, pieces::add);

    assertThat(pieces).hasSize(1);
    assertThat(pieces.get(0).by()).isEqualTo(Thread.currentThread());
  }

  @Test
  void shouldHelpWhereTheHelpersDoNotKeepUp() throws IOException {
    List<Runnable> neverRun = new ArrayList<>();
    List<Piece> pieces = new ArrayList<>();
    byte[] content = random(20_000, new Random(1));

    SplitContent split =
        new ContentSplitter(FAST_CDC, neverRun::add, 2)
            .split(new ByteArrayInputStream(content), Piece::of, pieces::add);

    assertThat(neverRun).isNotEmpty();
    assertThat(split.chunks()).isGreaterThan(neverRun.size()).isEqualTo(pieces.size());
    assertThat(split.digest()).isEqualTo(Blake3.hash(content));
  }

  @Test
  void shouldLetExceptionsThroughAndGoOnWithTheNextContent() throws IOException {
    ContentSplitter splitter = new ContentSplitter(FAST_CDC, HELPERS, 2);
    byte[] content = random(50_000, new Random(2));

    assertThatExceptionOfType(IOException.class)
        .isThrownBy(
            () ->
                splitter.split(
                    new ByteArrayInputStream(content),
                    Piece::of,
                    piece -> {
                      throw new IOException("no room");
                    }))
        .withMessage("no room");
    assertThatIllegalStateException()
        .isThrownBy(
            () ->
                splitter.split(
                    new ByteArrayInputStream(content),
                    (digest, buffer, offset, length) -> {
                      throw new IllegalStateException("not compressible");
                    },
                    piece -> {}))
        .withMessage("not compressible");

    SplitContent split = splitter.split(new ByteArrayInputStream(content), Piece::of, piece -> {});
    assertThat(split.digest()).isEqualTo(Blake3.hash(content));
  }

  @Test
  void shouldEndWhenInterruptedWhileItWaitsForAHelper() {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch ended = new CountDownLatch(1);
    Executor helper =
        task -> {
          new Thread(task).start();
          awaitUninterruptibly(begun);
        };
    Thread caller = Thread.currentThread();
    ContentSplitter splitter = new ContentSplitter(FAST_CDC, helper, 1);
    caller.interrupt();

    assertThatExceptionOfType(InterruptedIOException.class)
        .isThrownBy(
            () ->
                splitter.split(
                    new ByteArrayInputStream(random(50_000, new Random(3))),
                    (digest, buffer, offset, length) -> {
                      if (Thread.currentThread() != caller) {
                        begun.countDown();
                        awaitUninterruptibly(ended);
                      }
                      return digest;
                    },
                    digest -> {}));
    ended.countDown();
    assertThat(Thread.interrupted()).isTrue();
  }

  private static void awaitUninterruptibly(CountDownLatch latch) {
    boolean interrupted = false;
    while (true) {
      try {
        latch.await();
        break;
      } catch (InterruptedException again) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private static byte[] random(int length, Random random) {
    byte[] content = new byte[length];
    random.nextBytes(content);
    // A stretch without cuts gives the largest chunks.
    Arrays.fill(content, length / 2, length * 3 / 4, (byte) 0);
    return content;
  }
}
