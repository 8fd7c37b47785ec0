package io.castore.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.castore.content.digest.Blake3;
import io.castore.content.digest.Digest;
import io.castore.proto.pipeline.ChunkReceipt;
import io.castore.proto.pipeline.ChunkReceipt.Result;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class ReferableChunksTest {
  private static final int LONG = ReferableChunks.SMALLEST_ASKED_FOR;

  private final FakeLookup lookup = new FakeLookup();
  private final KnownDigests memory = new KnownDigests(10);
  private final AtomicLong now = new AtomicLong();
  private final ReferableChunks referable =
      new ReferableChunks(memory, Optional.of(lookup), now::get);

  @Test
  void shouldAskOnlyAboutWhatIsNotRemembered() {
    memory.heard(
        ChunkReceipt.newBuilder()
            .setDigest(ByteString.copyFrom(digest(1).toBytes()))
            .setResult(Result.STORED)
            .build());
    lookup.learn(digest(2));
    SourceReader.Referable upload = referable.ofUpload();

    assertThat(upload.test(digest(1), LONG)).isTrue();
    assertThat(lookup.questions()).isEmpty();
    assertThat(upload.test(digest(2), LONG)).isTrue();
    assertThat(upload.test(digest(3), LONG)).isFalse();
    assertThat(lookup.questions()).hasSize(2);
  }

  @Test
  void shouldRelyOnTheMemoryWhereThereIsNoLookup() {
    assertThat(
            new ReferableChunks(memory, Optional.empty(), now::get)
                .ofUpload()
                .test(digest(1), LONG))
        .isFalse();
  }

  @Test
  void shouldHardlyAskAboutNewData() {
    SourceReader.Referable upload = referable.ofUpload();
    for (int i = 0; i < 6400; i++) {
      assertThat(upload.test(digest(i), LONG)).isFalse();
    }
    assertThat(lookup.questions()).hasSizeLessThan(150);
  }

  @Test
  void shouldHardlyAskAboutManySmallUploadsOfNewData() {
    for (int i = 0; i < 4096; i++) {
      assertThat(referable.ofUpload().test(digest(i), LONG)).isFalse();
    }
    // One in sixteen, on the average, after the first 256.
    assertThat(lookup.questions()).hasSizeBetween(256 + 100, 256 + 500);

    lookup.learn(digest(1));
    SourceReader.Referable upload = referable.ofUpload();
    int asked = 0;
    while (!upload.test(digest(1), LONG)) {
      asked++;
      assertThat(asked).isLessThan(100);
    }
    int before = lookup.questions().size();
    assertThat(referable.ofUpload().test(digest(5), LONG)).isFalse();
    assertThat(lookup.questions()).hasSize(before + 1);
  }

  @Test
  void shouldGoOnWithoutALookupThatFails() {
    lookup.learn(digest(1));
    lookup.breakDown(new IOException("nobody is there"));
    SourceReader.Referable upload = referable.ofUpload();
    for (int i = 0; i < 100; i++) {
      assertThat(upload.test(digest(1), LONG)).isFalse();
    }
    assertThat(lookup.questions()).hasSize(1);

    lookup.breakDown(null);
    now.addAndGet(TimeUnit.SECONDS.toNanos(5));
    assertThat(upload.test(digest(1), LONG)).isTrue();
  }

  @Test
  void shouldGoOnWithoutALookupThatDoesNotAnswer() {
    lookup.learn(digest(1));
    CompletableFuture<Void> go = lookup.holdBack();
    SourceReader.Referable upload = referable.ofUpload();
    for (int i = 0; i < 100; i++) {
      assertThat(upload.test(digest(1), LONG)).isFalse();
    }
    assertThat(lookup.questions()).hasSize(1);

    go.complete(null);
    now.addAndGet(TimeUnit.SECONDS.toNanos(5));
    assertThat(upload.test(digest(1), LONG)).isTrue();
  }

  @Test
  void shouldNotAskWhileItsThreadIsInterrupted() {
    CompletableFuture<Void> unused = lookup.holdBack();
    Thread.currentThread().interrupt();

    assertThat(referable.ofUpload().test(digest(1), LONG)).isFalse();

    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void shouldNotAskForWhatIsSentForLess() {
    lookup.learn(digest(1));

    assertThat(referable.ofUpload().test(digest(1), LONG - 1)).isFalse();

    assertThat(lookup.questions()).isEmpty();
  }

  private static Digest digest(int number) {
    return Blake3.hash(ByteBuffer.allocate(4).putInt(number).array());
  }
}
