package io.castore.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** What is pushed on one side and read on the other. */
final class PushedStreamTest {
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  @Property(tries = 50)
  void shouldGiveWhatWasPushedWhateverTheSizesOfPiecesAndReads(
      @ForAll @Size(max = 20) List<@IntRange(max = 2 * PushedStream.CAPACITY) Integer> sizes,
      @ForAll @IntRange(min = 1, max = PushedStream.CAPACITY) int readSize)
      throws Exception {
    byte[] content = MemorySource.bytes(sizes.stream().mapToInt(Integer::intValue).sum(), 1);
    PushedStream stream = new PushedStream(PATIENCE);
    CompletableFuture<Void> pushed =
        CompletableFuture.runAsync(
            () -> {
              int at = 0;
              for (int size : sizes) {
                // The piece is the pusher's own again as soon as it was taken.
                byte[] piece = Arrays.copyOfRange(content, at, at + size);
                stream.push(ByteBuffer.wrap(piece)).join();
                Arrays.fill(piece, (byte) 0);
                at += size;
              }
              stream.end();
            });

    stream.open();
    byte[] read = new byte[content.length];
    byte[] part = new byte[readSize];
    int at = 0;
    int given = stream.read(part, 0, readSize);
    while (given > 0) {
      System.arraycopy(part, 0, read, at, given);
      at += given;
      given = stream.read(part, 0, readSize);
    }
    pushed.get(1, TimeUnit.MINUTES);

    assertThat(at).isEqualTo(content.length);
    assertThat(read).isEqualTo(content);
    assertThat(given).isEqualTo(-1);
  }

  @Test
  void shouldTakeNothingUntilItIsOpened() {
    PushedStream stream = new PushedStream(PATIENCE);

    CompletableFuture<Void> taken = stream.push(ByteBuffer.allocate(1));

    assertThat(taken).isNotDone();
    stream.open();
    assertThat(taken).isCompleted();
    assertThat(stream.available()).isEqualTo(1);
  }

  @Test
  void shouldTakeNoMoreThanItsCapacityAheadOfTheReader() throws Exception {
    PushedStream stream = new PushedStream(PATIENCE);
    stream.open();

    CompletableFuture<Void> taken = stream.push(ByteBuffer.allocate(PushedStream.CAPACITY + 1));

    assertThat(taken).isNotDone();
    assertThat(stream.available()).isEqualTo(PushedStream.CAPACITY);
    assertThat(stream.read()).isZero();
    assertThat(taken).isCompleted();
  }

  @Test
  void shouldFailBothSidesWhenItIsGivenUp() {
    PushedStream stream = new PushedStream(PATIENCE);
    stream.open();
    CompletableFuture<Void> taken = stream.push(ByteBuffer.allocate(PushedStream.CAPACITY + 1));

    assertThat(stream.fail(new IOException("gone"))).isTrue();

    assertThat(taken).isCompletedExceptionally();
    assertThat(stream.push(ByteBuffer.allocate(1))).isCompletedExceptionally();
    assertThatIOException().isThrownBy(stream::read).withMessage("gone");
  }

  @Test
  void shouldNotBeGivenUpAfterItsEnd() throws Exception {
    PushedStream stream = new PushedStream(PATIENCE);
    stream.open();
    stream.end();

    assertThat(stream.fail(new IOException("gone"))).isFalse();
    assertThat(stream.read()).isEqualTo(-1);
  }

  @Test
  void shouldFailAReaderWhoWaitsTooLong() {
    PushedStream stream = new PushedStream(Duration.ofMillis(20));
    stream.open();

    assertThatIOException()
        .isThrownBy(stream::read)
        .isInstanceOf(PushedStream.SilenceException.class);
  }

  @Test
  void shouldFailAPushThatNobodyReadsAnyMore() {
    PushedStream stream = new PushedStream(PATIENCE);
    stream.open();
    stream.close();

    assertThat(stream.push(ByteBuffer.allocate(1))).isCompletedExceptionally();
  }
}
