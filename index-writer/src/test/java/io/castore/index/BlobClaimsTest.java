package io.castore.index;

import static org.assertj.core.api.Assertions.assertThat;

import io.castore.content.digest.Blake3;
import io.castore.content.digest.Digest;
import io.castore.content.objectstore.MemoryObjectStore;
import io.castore.proto.pipeline.UploadStatus;
import io.castore.proto.pipeline.UploadStatus.State;
import io.castore.proto.state.UploadHeader;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** When blobs are claimed, and what becomes of the answers. */
final class BlobClaimsTest {
  private static final Duration SOON = Duration.ofSeconds(1);

  private final MemoryObjectStore store = new MemoryObjectStore();

  private Task taskOf(Upload upload, Object... records) {
    Task task = new Task(upload.id(), List.of(records), store);
    task.chunkerAnswersWhenTold();
    task.takeAll();
    return task;
  }

  @Test
  void shouldClaimOnceWhenSealed() {
    Upload upload = Upload.of(2);
    Task task =
        taskOf(upload, upload.opened(), upload.receipt(0), upload.sealed(), upload.receipt(1));
    task.settle();

    assertThat(task.claimed()).containsExactly(upload.blob());
    assertThat(task.hasEnded()).isFalse();
  }

  @Test
  void shouldClaimNothingForAnUploadThatCannotBe() {
    Upload upload = Upload.of(2);
    Task task = taskOf(upload, Upload.sealed(upload.blob(), 0, 2));
    task.tick();

    assertThat(task.claimed()).isEmpty();
    assertThat(task.ends()).extracting(UploadStatus::getState).containsExactly(State.FAILED);
  }

  @Test
  void shouldPublishWhenTheClaimIsAnsweredBeforeTheLastChunk() throws IOException {
    Upload upload = Upload.of(2);
    Task task =
        taskOf(upload, upload.sealed(), upload.claimed(), upload.receipt(0), upload.receipt(1));
    task.settle();

    assertThat(task.ends()).extracting(UploadStatus::getState).containsExactly(State.COMPLETE);
    assertThat(Upload.read(store, upload.key())).contains(upload.object());
  }

  @Test
  void shouldNotTakeAnswersOfAnotherStoreOrToAnotherClaim() throws IOException {
    Upload upload = Upload.of(1);
    Digest other = Blake3.hash(new byte[] {1});
    Task task =
        taskOf(
            upload,
            upload.claimed(),
            upload.receipt(0),
            upload.sealed(),
            upload.claimed().toBuilder().setStoreId("another").build(),
            Upload.claimed(other));
    task.settle();

    assertThat(task.hasEnded()).isFalse();
    assertThat(task.header().getClaimed()).isFalse();
    assertThat(Upload.read(store, upload.key())).isEmpty();
  }

  @Test
  void shouldClaimAgainWithGrowingPatience() {
    Upload upload = Upload.of(1);
    Task task = taskOf(upload, upload.receipt(0), upload.sealed());

    task.advance(BlobClaims.PATIENCE.minus(SOON));
    assertThat(task.claimed()).hasSize(1);
    task.advance(SOON.multipliedBy(2));
    assertThat(task.claimed()).hasSize(2);
    task.advance(BlobClaims.PATIENCE.plus(SOON));
    assertThat(task.claimed()).hasSize(2);
    task.advance(BlobClaims.PATIENCE);
    assertThat(task.claimed()).hasSize(3);

    task.answer();
    task.takeAll();
    task.settle();
    assertThat(task.ends()).extracting(UploadStatus::getState).containsExactly(State.COMPLETE);
    task.advance(Task.EXPIRY);
    assertThat(task.claimed()).hasSize(3);
  }

  @Test
  void shouldClaimAgainAfterARestart() {
    Upload upload = Upload.of(2);
    Task whole = taskOf(upload, upload.receipt(0), upload.receipt(1), upload.sealed());
    whole.commit();
    whole.crash(0);
    whole.tick();
    assertThat(whole.claimed()).hasSize(2);

    Task waiting = taskOf(upload, upload.receipt(0), upload.sealed());
    waiting.commit();
    waiting.crash(0);
    waiting.advance(BlobClaims.PATIENCE.plus(SOON));
    assertThat(waiting.claimed()).hasSize(2);
  }

  @Test
  void shouldExpireWhereNobodyAnswers() throws IOException {
    Upload upload = Upload.of(1);
    Task task = taskOf(upload, upload.receipt(0), upload.sealed());

    assertThat(task.advance(Task.EXPIRY.plusMinutes(1)))
        .extracting(UploadStatus::getState)
        .contains(State.EXPIRED);
    assertThat(Upload.read(store, upload.key())).isEmpty();
    int claimed = task.claimed().size();
    task.advance(Task.EXPIRY);
    assertThat(task.claimed()).hasSize(claimed);
  }

  @Test
  void shouldClaimWhatWasSealedByAVersionThatDidNotClaim() {
    Upload upload = Upload.of(2);
    Task task = taskOf(upload, upload.receipt(0), upload.sealed());
    task.answer();
    task.takeAll();
    UploadHeader before = task.header().toBuilder().clearClaimed().build();
    Task later =
        Task.inheriting(upload.id(), before, List.of(upload.receipt(0), upload.receipt(1)), store);

    later.takeAll();
    later.settle();

    assertThat(later.claimed()).containsExactly(upload.blob());
    assertThat(later.ends()).extracting(UploadStatus::getState).containsExactly(State.COMPLETE);
  }
}
