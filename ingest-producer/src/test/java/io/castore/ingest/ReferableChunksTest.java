package io.castore.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.castore.content.digest.Blake3;
import io.castore.content.digest.Digest;
import io.castore.pipeline.known.KnownChunks;
import io.castore.proto.pipeline.ChunkReceipt;
import io.castore.proto.pipeline.ChunkReceipt.Result;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
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
  private final ReferableChunks referable = referable(Optional.of(lookup), Duration.ofMinutes(1));

  @Test
  void shouldAskOnlyAboutWhatIsNotRemembered() {
    memory.heard(
        ChunkReceipt.newBuilder()
            .setDigest(ByteString.copyFrom(digest(1).toBytes()))
            .setResult(Result.STORED)
            .build());
    lookup.learn(digest(2));
    SourceReader.Referable upload = referable.ofUpload();

    assertThat(isReferredTo(upload, digest(1))).isTrue();
    assertThat(lookup.questions()).isEmpty();
    assertThat(isReferredTo(upload, digest(2))).isTrue();
    assertThat(isReferredTo(upload, digest(3))).isFalse();
    assertThat(lookup.questions()).hasSize(2);
  }

  @Test
  void shouldRelyOnTheMemoryWhereThereIsNoLookup() {
    ReferableChunks alone = referable(Optional.empty(), Duration.ofMinutes(1));

    assertThat(isReferredTo(alone.ofUpload(), digest(1))).isFalse();
  }

  @Test
  void shouldHardlyAskAboutNewData() {
    SourceReader.Referable upload = referable.ofUpload();
    for (int i = 0; i < 6400; i++) {
      assertThat(isReferredTo(upload, digest(i))).isFalse();
    }
    assertThat(lookup.questions()).hasSizeLessThan(150);
  }

  @Test
  void shouldHardlyAskAboutManySmallUploadsOfNewData() {
    for (int i = 0; i < 4096; i++) {
      assertThat(isReferredTo(referable.ofUpload(), digest(i))).isFalse();
    }
    // One in sixteen, on the average, after the first 256.
    assertThat(lookup.questions()).hasSizeBetween(256 + 100, 256 + 500);

    lookup.learn(digest(1));
    SourceReader.Referable upload = referable.ofUpload();
    int asked = 0;
    while (!isReferredTo(upload, digest(1))) {
      asked++;
      assertThat(asked).isLessThan(100);
    }
    int before = lookup.questions().size();
    assertThat(isReferredTo(referable.ofUpload(), digest(5))).isFalse();
    assertThat(lookup.questions()).hasSize(before + 1);
  }

  @Test
  void shouldGoOnWithoutALookupThatFails() {
    lookup.learn(digest(1));
    lookup.breakDown(new IOException("nobody is there"));
    SourceReader.Referable upload = referable.ofUpload();
    for (int i = 0; i < 100; i++) {
      assertThat(isReferredTo(upload, digest(1))).isFalse();
    }
    assertThat(lookup.questions()).hasSize(1);

    lookup.breakDown(null);
    now.addAndGet(TimeUnit.SECONDS.toNanos(5));
    assertThat(isReferredTo(upload, digest(1))).isTrue();
  }

  @Test
  void shouldGoOnWithoutALookupThatDoesNotAnswer() {
    lookup.learn(digest(1));
    CompletableFuture<Void> go = lookup.holdBack();
    SourceReader.Referable upload = referable(Optional.of(lookup), Duration.ofMillis(1)).ofUpload();
    for (int i = 0; i < 100; i++) {
      assertThat(isReferredTo(upload, digest(1))).isFalse();
    }
    assertThat(lookup.questions()).hasSize(1);

    go.complete(null);
    now.addAndGet(TimeUnit.SECONDS.toNanos(5));
    assertThat(isReferredTo(upload, digest(1))).isTrue();
  }

  @Test
  void shouldNotAskForWhatIsSentForLess() {
    lookup.learn(digest(1));

    assertThat(referable.ofUpload().ask(digest(1), LONG - 1)).isCompletedWithValue(false);

    assertThat(lookup.questions()).isEmpty();
  }

  @Test
  void shouldNotWaitForAnAnswer() {
    lookup.learn(digest(1));
    CompletableFuture<Void> go = lookup.holdBack();
    SourceReader.Referable upload = referable.ofUpload();

    CompletableFuture<Boolean> known = upload.ask(digest(1), LONG);
    CompletableFuture<Boolean> unknown = upload.ask(digest(2), LONG);
    assertThat(known).isNotDone();
    assertThat(unknown).isNotDone();

    go.complete(null);
    assertThat(known).isCompletedWithValue(true);
    assertThat(unknown).isCompletedWithValue(false);
  }

  private ReferableChunks referable(Optional<KnownChunks> asked, Duration patience) {
    return new ReferableChunks(memory, asked, patience, now::get);
  }

  private static boolean isReferredTo(SourceReader.Referable upload, Digest digest) {
    return upload.ask(digest, LONG).join();
  }

  private static Digest digest(int number) {
    return Blake3.hash(ByteBuffer.allocate(4).putInt(number).array());
  }
}
