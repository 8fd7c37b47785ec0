package io.castore.gc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.castore.content.digest.Blake3;
import io.castore.content.digest.Digest;
import io.castore.gc.FakePipeline.Uploaded;
import io.castore.pipeline.scratch.ScratchStore;
import io.castore.proto.pipeline.RootRule;
import io.castore.proto.pipeline.RootRule.Drop;
import io.castore.proto.pipeline.RootRule.Pin;
import io.castore.proto.pipeline.UploadStatus.State;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What can be dropped and pinned, and which of the two counts. */
final class BlobDropsTest {
  private static final RootRule DROP =
      RootRule.newBuilder().setDrop(Drop.getDefaultInstance()).build();
  private static final RootRule PIN =
      RootRule.newBuilder().setPin(Pin.getDefaultInstance()).build();

  @TempDir private Path scratch;
  private FakePipeline pipeline;

  @BeforeEach
  void start() throws Exception {
    pipeline = new FakePipeline();
  }

  @Test
  void shouldDropOnlyWhatAllUploadsHaveOfSuchSources() throws Exception {
    Uploaded logs = pipeline.complete("s3://logs/1", pipeline.chunks(1));
    List<byte[]> both = pipeline.chunks(1);
    Uploaded unused = pipeline.complete("s3://logs/2", both);
    Uploaded book = pipeline.complete("s3://books/2", both);
    pipeline.clock().pass(Duration.ofMinutes(1));

    assertThat(dropped("s3://logs/", Duration.ZERO, false)).containsExactly(logs.blob());

    pipeline.drop(book.blob(), scratch);
    Uploaded again = pipeline.complete("s3://logs/3", both);
    pipeline.clock().pass(Duration.ofMinutes(1));
    assertThat(dropped("s3://logs/", Duration.ZERO, false)).containsExactly(again.blob());
    assertThat(dropped("s3://logs/", Duration.ZERO, false)).isEmpty();
  }

  @Test
  void shouldDropOnlyWhatHasBeenCompleteForSoLong() throws Exception {
    Uploaded old = pipeline.complete("s3://logs/1", pipeline.chunks(1));
    List<byte[]> both = pipeline.chunks(1);
    Uploaded unused = pipeline.complete("s3://logs/2", both);
    pipeline.clock().pass(Duration.ofDays(2));
    Uploaded unused2 = pipeline.complete("s3://logs/2", both);

    assertThat(dropped("s3://logs/", Duration.ofDays(1), false)).containsExactly(old.blob());
  }

  @Test
  void shouldKeepWhatIsPinnedOrOnItsWay() throws Exception {
    Uploaded pinned = pipeline.complete("s3://logs/1", pipeline.chunks(1));
    pipeline.pins().pin(pinned.blob(), "release 1", waiting -> {});
    List<byte[]> chunks = pipeline.chunks(1);
    Uploaded complete = pipeline.complete("s3://logs/2", chunks);
    Uploaded sealed = pipeline.receive("s3://logs/2", chunks);
    pipeline.tell(sealed, State.OPEN);
    pipeline.clock().pass(Duration.ofMinutes(1));

    assertThat(dropped("s3://", Duration.ZERO, false)).isEmpty();
    assertThatThrownBy(() -> pipeline.drop(pinned.blob(), scratch))
        .isInstanceOf(RefusedException.class)
        .hasMessageContaining("it is pinned (release 1)");
    assertThatThrownBy(() -> pipeline.drop(complete.blob(), scratch))
        .isInstanceOf(RefusedException.class)
        .hasMessageContaining("the upload " + sealed.id() + " of it has not ended");
  }

  @Test
  void shouldWriteNothingWhereItOnlyTells() throws Exception {
    Uploaded logs = pipeline.complete("s3://logs/1", pipeline.chunks(1));
    pipeline.clock().pass(Duration.ofMinutes(1));

    assertThat(dropped("s3://", Duration.ZERO, true)).containsExactly(logs.blob());

    assertThat(pipeline.rulesWritten()).isZero();
  }

  @Test
  void shouldRefuseToDropWhatIsNotThere() {
    assertThatThrownBy(() -> pipeline.drop(Blake3.hash(new byte[] {1}), scratch))
        .isInstanceOf(RefusedException.class)
        .hasMessageContaining("the store has no such blob");
  }

  @Test
  void shouldPinOnlyWhatIsThere() throws Exception {
    Uploaded upload = pipeline.receive("s3://logs/1", pipeline.chunks(2));
    Digest chunk = upload.list().get(0).digest();

    assertThatThrownBy(() -> pipeline.pins().pin(chunk, "", waiting -> {}))
        .isInstanceOf(RefusedException.class)
        .hasMessageContaining("it is a chunk");
    assertThatThrownBy(() -> pipeline.pins().pin(upload.blob(), "", waiting -> {}))
        .isInstanceOf(RefusedException.class);
    assertThat(pipeline.rulesWritten()).isZero();
  }

  @Test
  void shouldTakeThePinBackWhereTheBlobIsCollectedMeanwhile() throws Exception {
    Uploaded upload = pipeline.complete("s3://logs/1", pipeline.chunks(1));
    pipeline.drop(upload.blob(), scratch);
    pipeline.onClaim(() -> pipeline.store().delete(upload.blobKey()));

    assertThatThrownBy(() -> pipeline.pins().pin(upload.blob(), "", waiting -> {}))
        .isInstanceOf(RefusedException.class);

    assertThat(pipeline.claimed()).containsExactly(upload.blob());
    assertThat(pipeline.collect(scratch).chunks().freed()).isEqualTo(1);
  }

  @Test
  void shouldKeepADroppedBlobThatIsPinnedUntilItIsUnpinnedAndDroppedAgain() throws Exception {
    Uploaded upload = pipeline.complete("s3://logs/1", pipeline.chunks(1));
    pipeline.drop(upload.blob(), scratch);
    pipeline.pins().pin(upload.blob(), "", waiting -> {});
    assertThat(pipeline.collect(scratch).blobs().freed()).isZero();

    pipeline.pins().unpin(upload.blob());
    assertThat(pipeline.collect(scratch).blobs().freed()).isZero();
    assertThatThrownBy(() -> pipeline.pins().unpin(upload.blob()))
        .isInstanceOf(RefusedException.class);

    pipeline.drop(upload.blob(), scratch);
    assertThat(pipeline.collect(scratch).blobs().freed()).isEqualTo(1);
  }

  @Test
  void shouldNotCountADropThatHasNotSeenThePin() throws Exception {
    Digest blob = Blake3.hash(new byte[] {1});
    try (ScratchStore tables = ScratchStore.open(scratch)) {
      RuleTable rules = new RuleTable(pipeline, tables);
      pipeline.write(blob, DROP);
      rules.read();
      assertThat(rules.drop(blob)).isPresent();

      pipeline.write(blob, PIN);
      pipeline.write(blob, DROP);
      rules.read();
      assertThat(rules.isPinned(blob)).isTrue();
      assertThat(rules.drop(blob)).isEmpty();

      pipeline.write(blob, null);
      rules.read();
      assertThat(rules.get(blob)).isEmpty();

      pipeline.write(blob, DROP);
      rules.read();
      assertThat(rules.drop(blob)).isPresent();
    }
  }

  private List<Digest> dropped(String prefix, Duration olderThan, boolean dryRun) throws Exception {
    List<Digest> dropped = new ArrayList<>();
    try (BlobDrops drops = pipeline.drops(scratch)) {
      long count = drops.dropSources(prefix, olderThan, dryRun, dropped::add);
      assertThat(count).isEqualTo(dropped.size());
    }
    return dropped;
  }
}
