package io.castore.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.castore.content.objectstore.MemoryObjectStore;
import io.castore.proto.pipeline.UploadStatus;
import io.castore.proto.pipeline.UploadStatus.State;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What an upload of one chunk leaves, by when its records come. */
final class BriefUploadsTest {
  private final MemoryObjectStore store = new MemoryObjectStore();
  private final Upload upload = Upload.of(1);

  @Test
  void shouldLeaveOnlyHowItEnded() throws IOException {
    Task task = new Task(upload.id(), List.of(upload.claimedChunk(), upload.whole()), store);
    task.takeAll();
    assertThat(task.sent()).isEmpty();
    assertThat(task.header()).isNull();

    task.settle();
    task.commit();

    assertThat(Upload.read(store, upload.key())).contains(upload.object());
    assertThat(task.sent()).extracting(UploadStatus::getState).containsExactly(State.COMPLETE);
    assertThat(task.sent().get(0).getNewChunks()).isEqualTo(1);
    assertThat(task.sent().get(0).getNewBytes()).isEqualTo(upload.size());
    assertThat(task.header().getStatus()).isEqualTo(task.sent().get(0));
    assertThat(task.rowCount()).isZero();
    assertThat(task.deadlineCount()).isZero();
    assertThat(task.claimed()).isEmpty();
  }

  @Test
  void shouldBeWrittenAndToldByTheCommitWhereItHasNotEnded() throws IOException {
    Task task = new Task(upload.id(), List.of(upload.whole(), upload.claimedChunk()), store);
    task.takeAll();
    task.commit();

    assertThat(task.sent()).extracting(UploadStatus::getState).containsExactly(State.SEALED);
    assertThat(task.rowCount()).isEqualTo(1);
    assertThat(task.deadlineCount()).isPositive();
    task.crash(0);
    task.settle();
    assertThat(Upload.read(store, upload.key())).contains(upload.object());
    assertThat(task.ends()).extracting(UploadStatus::getState).containsExactly(State.COMPLETE);
  }

  @Test
  void shouldClaimNothingWhileItsChunkIsToDoIt() {
    Task task = new Task(upload.id(), List.of(upload.whole()), store);
    task.takeAll();
    task.commit();

    assertThat(task.claimed()).isEmpty();
  }

  @Test
  void shouldClaimTheBlobWhereItsChunkCameWithoutAClaim() {
    Task task = new Task(upload.id(), List.of(upload.whole(), upload.receipt(0)), store);
    task.takeAll();
    task.settle();

    assertThat(task.claimed()).containsExactly(upload.blob());
    assertThat(task.ends()).extracting(UploadStatus::getState).containsExactly(State.COMPLETE);
  }

  @Test
  void shouldRefuseAReceiptAtFaultAtOnce() {
    Task task =
        new Task(
            upload.id(),
            List.of(
                upload.claimedChunk().toBuilder().setDigest(ByteString.copyFromUtf8("x")).build()),
            store);

    assertThatThrownBy(task::step).hasCauseInstanceOf(UnusableRecordException.class);
    task.commit();
  }
}
