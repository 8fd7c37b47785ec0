package io.castore.content.chunking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.castore.content.digest.Blake3;
import io.castore.content.digest.Digest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

final class ContentSplitterLookupTest {
  private static final FastCdc FAST_CDC = new FastCdc(new ChunkSizes(512));
  private static final Executor HELPERS = ForkJoinPool.commonPool();
  private static final int AWAITING_BYTES = 20_000;
  private static final int CONTENT_BYTES = 10 * AWAITING_BYTES;

  /** What is made of a chunk here: of a known one, by nobody. */
  private record Made(Digest digest, int length, @Nullable Thread by) {
    static Made of(Digest digest, byte[] buffer, int offset, int length) {
      assertThat(Blake3.hash(buffer, offset, length)).isEqualTo(digest);
      return new Made(digest, length, Thread.currentThread());
    }

    boolean isEncoded() {
      return by != null;
    }
  }

  private record Question(Digest digest, int length, CompletableFuture<Boolean> answer) {}

  /** Answers when it is told to. */
  private static final class Lookup implements ContentSplitter.ChunkLookup<Made> {
    private final LinkedBlockingQueue<Question> questions = new LinkedBlockingQueue<>();
    private final AtomicLong bytes = new AtomicLong();

    @Override
    public CompletableFuture<Boolean> isKnown(Digest digest, int length) {
      Question question = new Question(digest, length, new CompletableFuture<>());
      bytes.addAndGet(length);
      questions.add(question);
      return question.answer;
    }

    @Override
    public Made refer(Digest digest, int length) {
      return new Made(digest, length, null);
    }

    List<Question> take() {
      List<Question> taken = new ArrayList<>();
      questions.drainTo(taken);
      return taken;
    }

    void answerAll(boolean known) {
      take().forEach(question -> question.answer.complete(known));
    }
  }

  private final Lookup lookup = new Lookup();
  private final List<Made> made = new ArrayList<>();

  @Property(tries = 200)
  void shouldKeepTheOrderWhicheverAnswersComeAndWhenever(
      @ForAll long seed,
      @ForAll @IntRange(max = 60_000) int length,
      @ForAll @IntRange(max = 3) int helperCount,
      @ForAll @IntRange(max = 30_000) int awaitingBytes)
      throws Exception {
    byte[] content = random(length, seed);
    ContentSplitter splitter = new ContentSplitter(FAST_CDC, HELPERS, helperCount, awaitingBytes);
    // The second one finds buffers that the first one has left.
    for (int i = 0; i < 2; i++) {
      made.clear();
      Thread answering = answerInDisorder(new Random(seed));

      SplitContent split =
          splitter.split(new ByteArrayInputStream(content), lookup, Made::of, made::add);

      answering.interrupt();
      answering.join();
      int at = 0;
      for (Made chunk : made) {
        int size = FAST_CDC.cut(content, at, length - at);
        Digest digest = Blake3.hash(content, at, size);
        assertThat(chunk.digest).isEqualTo(digest);
        assertThat(chunk.length).isEqualTo(size);
        assertThat(chunk.isEncoded()).isEqualTo(kind(digest) < 2);
        assertThat(chunk.by).isNotSameAs(answering);
        at += size;
      }
      assertThat(at).isEqualTo(length);
      assertThat(split).isEqualTo(new SplitContent(Blake3.hash(content), length, made.size()));
    }
  }

  /** Some questions fail, and some chunks are not known. */
  private Thread answerInDisorder(Random random) {
    return start(
        () -> {
          try {
            while (true) {
              List<Question> some = new ArrayList<>(List.of(lookup.questions.take()));
              lookup.questions.drainTo(some, random.nextInt(20));
              Collections.shuffle(some, random);
              some.forEach(ContentSplitterLookupTest::answer);
            }
          } catch (InterruptedException ended) {
            // There are no more questions.
          }
        });
  }

  private static void answer(Question question) {
    int kind = kind(question.digest);
    if (kind == 0) {
      question.answer.completeExceptionally(new IOException("nobody is there"));
    } else {
      question.answer.complete(kind > 1);
    }
  }

  private static int kind(Digest digest) {
    return digest.toBytes()[0] & 3;
  }

  @Test
  @Timeout(60)
  void shouldAskAboutAsManyAsItMayHoldBeforeAnyAnswer() throws IOException {
    List<Integer> asked = new ArrayList<>();
    ByteArrayInputStream neverSilent =
        new ByteArrayInputStream(random(CONTENT_BYTES, 1)) {
          @Override
          public synchronized int available() {
            return 1;
          }
        };

    SplitContent split =
        splitter(0).split(neverSilent, new AnswersWhenFull(asked::add), Made::of, made::add);

    assertThat(asked).hasSizeGreaterThan(5);
    assertThat(asked.subList(0, 5))
        .allMatch(count -> count > AWAITING_BYTES / FAST_CDC.maxBytes() - 1);
    assertThat(made).hasSize((int) split.chunks()).noneMatch(Made::isEncoded);
  }

  /** Answers all only when a chunk less than may be held awaits its answer. */
  private final class AnswersWhenFull implements ContentSplitter.ChunkLookup<Made> {
    private final Consumer<Integer> onAnswers;
    private long answeredBytes;

    AnswersWhenFull(Consumer<Integer> onAnswers) {
      this.onAnswers = onAnswers;
    }

    @Override
    public CompletableFuture<Boolean> isKnown(Digest digest, int length) {
      CompletableFuture<Boolean> answer = lookup.isKnown(digest, length);
      boolean isLast = lookup.bytes.get() == CONTENT_BYTES;
      if (isLast || lookup.bytes.get() - answeredBytes > AWAITING_BYTES - FAST_CDC.maxBytes()) {
        answeredBytes = lookup.bytes.get();
        onAnswers.accept(lookup.questions.size());
        lookup.answerAll(true);
      }
      return answer;
    }

    @Override
    public Made refer(Digest digest, int length) {
      return lookup.refer(digest, length);
    }
  }

  @Test
  @Timeout(60)
  void shouldHoldNoMoreThanItMay() throws Exception {
    Thread caller = Thread.currentThread();
    AtomicLong handedOn = new AtomicLong();
    AtomicLong most = new AtomicLong();
    Thread answering =
        start(
            () -> {
              while (!Thread.currentThread().isInterrupted()) {
                if (caller.getState() == Thread.State.WAITING) {
                  List<Question> questions = lookup.take();
                  long held = lookup.bytes.get() - handedOn.get();
                  most.accumulateAndGet(held, Math::max);
                  questions.forEach(question -> question.answer.complete(true));
                }
                Thread.onSpinWait();
              }
            });

    SplitContent split =
        splitter(0)
            .split(
                new ByteArrayInputStream(random(CONTENT_BYTES, 1)),
                lookup,
                Made::of,
                chunk -> handedOn.addAndGet(chunk.length));

    answering.interrupt();
    answering.join();
    assertThat(handedOn.get()).isEqualTo(split.bytes());
    assertThat(most.get())
        .isGreaterThan(AWAITING_BYTES)
        .isLessThanOrEqualTo(AWAITING_BYTES + FAST_CDC.maxBytes());
  }

  @Test
  @Timeout(60)
  void shouldHandOnAllThatWasReadBeforeItWaitsForMore() throws IOException {
    byte[] content = random(AWAITING_BYTES / 2, 1);
    List<Question> late = new ArrayList<>();
    ByteArrayInputStream silent =
        new ByteArrayInputStream(content) {
          @Override
          public synchronized int available() {
            int available = super.available();
            if (available == 0 && late.isEmpty()) {
              assertThat(made).isEmpty();
              late.addAll(lookup.take());
              Thread unused = start(() -> late.forEach(ContentSplitterLookupTest::answer));
            }
            return available;
          }

          @Override
          public synchronized int read(byte[] target, int offset, int length) {
            int read = super.read(target, offset, length);
            if (read < 0) {
              assertThat(made).hasSize(late.size()).hasSizeGreaterThan(5);
              Thread unused = answerInDisorder(new Random(1));
            }
            return read;
          }
        };

    SplitContent split = splitter(0).split(silent, lookup, Made::of, made::add);

    assertThat(split.digest()).isEqualTo(Blake3.hash(content));
  }

  @Test
  @Timeout(60)
  void shouldAwaitTheAnswerOfASmallContentAndKeepItToItsThread() throws Exception {
    for (boolean known : new boolean[] {true, false}) {
      made.clear();
      Thread answering =
          start(
              () -> {
                try {
                  lookup.questions.take().answer.complete(known);
                } catch (InterruptedException ended) {
                  Thread.currentThread().interrupt();
                }
              });

      SplitContent split =
          splitter(2).split(new ByteArrayInputStream(new byte[300]), lookup, Made::of, made::add);

      answering.join();
      assertThat(split).isEqualTo(new SplitContent(Blake3.hash(new byte[300]), 300, 1));
      assertThat(made)
          .singleElement()
          .extracting(chunk -> chunk.by)
          .isEqualTo(known ? null : Thread.currentThread());
    }
  }

  @Test
  void shouldEndWhenInterruptedWhileItWaitsForAnAnswer() throws IOException {
    ContentSplitter splitter = splitter(1);
    byte[] content = random(3 * AWAITING_BYTES, 1);
    for (int length : new int[] {300, content.length}) {
      Thread.currentThread().interrupt();
      assertThatExceptionOfType(InterruptedIOException.class)
          .isThrownBy(
              () ->
                  splitter.split(
                      new ByteArrayInputStream(content, 0, length), lookup, Made::of, made::add));
      assertThat(Thread.interrupted()).isTrue();
    }
    assertThat(made).isEmpty();

    // Answers that come now belong to nobody any more.
    lookup.answerAll(false);
    SplitContent split = splitter.split(new ByteArrayInputStream(content), Made::of, chunk -> {});
    assertThat(split.digest()).isEqualTo(Blake3.hash(content));
  }

  @Test
  void shouldLetExceptionsOfTheLookupThrough() {
    ContentSplitter.ChunkLookup<Made> broken =
        new ContentSplitter.ChunkLookup<>() {
          @Override
          public CompletableFuture<Boolean> isKnown(Digest digest, int length) {
            throw new IllegalStateException("no lookup");
          }

          @Override
          public Made refer(Digest digest, int length) {
            throw new AssertionError();
          }
        };

    assertThatIllegalStateException()
        .isThrownBy(
            () ->
                splitter(1)
                    .split(
                        new ByteArrayInputStream(random(AWAITING_BYTES, 1)),
                        broken,
                        Made::of,
                        made::add))
        .withMessage("no lookup");
  }

  private static ContentSplitter splitter(int helperCount) {
    return new ContentSplitter(FAST_CDC, HELPERS, helperCount, AWAITING_BYTES);
  }

  private static Thread start(Runnable task) {
    Thread thread = new Thread(task);
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  private static byte[] random(int length, long seed) {
    byte[] content = new byte[length];
    new Random(seed).nextBytes(content);
    return content;
  }
}
