package io.castore.index;

import static org.assertj.core.api.Assertions.assertThat;

import io.castore.content.layout.ChunkRef;
import io.castore.content.objectstore.MemoryObjectStore;
import io.castore.proto.pipeline.ChunkReceipt.Result;
import io.castore.proto.pipeline.UploadEvent;
import io.castore.proto.pipeline.UploadStatus;
import io.castore.proto.pipeline.UploadStatus.State;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** What becomes of uploads that lack chunks. */
final class UploadWatchTest {
  private static final Duration SOON = Duration.ofSeconds(1);

  private final MemoryObjectStore store = new MemoryObjectStore();

  private Task taskOf(Upload upload, Object... records) {
    Task task = new Task(upload.id(), List.of(records), store);
    task.takeAll();
    return task;
  }

  @Test
  void shouldAskOnceForWhatIsMissingBeforeTheSeal() {
    Upload upload = Upload.of(3);
    Task task =
        taskOf(
            upload,
            upload.opened(),
            upload.receipt(2, Result.MISSING),
            upload.receipt(0),
            upload.receipt(1, Result.MISSING),
            upload.receipt(1, Result.MISSING));
    assertThat(task.asked()).isEmpty();

    task.report();
    task.report();

    assertThat(task.asked()).containsExactly(2L, 1L);
    assertThat(last(task.sent()).getChunksReceived()).isEqualTo(1);
  }

  @Test
  void shouldAskInPages() {
    Upload upload = Upload.of(2 * ChunkAsker.PAGE + 1);
    Task task =
        taskOf(
            upload,
            IntStream.range(0, upload.chunks().size())
                .mapToObj(seq -> upload.receipt(seq, Result.MISSING))
                .toArray());
    task.report();

    assertThat(task.askedPages()).containsExactly(ChunkAsker.PAGE, ChunkAsker.PAGE, 1);
    assertThat(task.asked())
        .containsExactlyElementsOf(LongStream.range(0, upload.chunks().size()).boxed().toList());
  }

  @Test
  void shouldAskAgainWithGrowingPatienceForWhatIsNotAnswered() {
    Upload upload = Upload.of(2);
    Task task =
        taskOf(
            upload,
            upload.receipt(0, Result.MISSING),
            upload.receipt(1, Result.MISSING),
            upload.sealed());
    task.report();
    assertThat(task.asked()).containsExactly(0L, 1L);

    task.advance(ChunkAsker.PATIENCE.minus(SOON));
    assertThat(task.asked()).hasSize(2);
    task.advance(SOON.multipliedBy(2));
    assertThat(task.asked()).containsExactly(0L, 1L, 0L, 1L);
    task.advance(ChunkAsker.PATIENCE.minus(SOON));
    assertThat(task.asked()).hasSize(4);
    task.advance(ChunkAsker.PATIENCE.plus(SOON));
    assertThat(task.asked()).hasSize(6);
  }

  @Test
  void shouldNotAskAgainForWhatWasAnswered() {
    Upload upload = Upload.of(2);
    Task task =
        taskOf(
            upload,
            upload.receipt(0, Result.MISSING),
            upload.receipt(1, Result.MISSING),
            upload.sealed(),
            upload.receipt(0));
    task.advance(ChunkAsker.PATIENCE.plus(SOON));

    assertThat(task.asked()).containsExactly(0L, 1L, 1L);
  }

  @Test
  void shouldAskAgainAfterACrash() {
    Upload upload = Upload.of(1);
    Task task = taskOf(upload, upload.receipt(0, Result.MISSING), upload.sealed());
    task.commit();
    task.crash(0);

    task.advance(ChunkAsker.PATIENCE.plus(SOON));
    assertThat(task.asked()).containsExactly(0L);
  }

  @Test
  void shouldCompleteWithWhatCameForTheMissing() throws IOException {
    Upload upload = Upload.of(2);
    Task task =
        taskOf(
            upload,
            upload.receipt(0, Result.MISSING),
            upload.receipt(1),
            upload.sealed(),
            upload.receipt(0),
            upload.receipt(0, Result.MISSING));
    task.settle();

    UploadStatus told = task.ends().get(0);
    assertThat(told.getState()).isEqualTo(State.COMPLETE);
    assertThat(told.getNewChunks()).isEqualTo(1);
    assertThat(Upload.read(store, upload.key())).contains(upload.object());
  }

  @Test
  void shouldFailWhereAnotherChunkComesForTheMissing() {
    Upload upload = Upload.of(2);
    Task task =
        taskOf(
            upload,
            upload.receipt(0, Result.MISSING),
            Upload.receipt(0, upload.chunks().get(1), Result.STORED));
    task.tick();

    assertThat(task.ends()).extracting(UploadStatus::getState).containsExactly(State.FAILED);
  }

  @Test
  void shouldFailWhereAMissingChunkIsOutOfRange() {
    Upload upload = Upload.of(2);
    Task task =
        taskOf(upload, Upload.receipt(2, upload.chunks().get(1), Result.MISSING), upload.sealed());
    task.tick();

    assertThat(task.ends()).extracting(UploadStatus::getState).containsExactly(State.FAILED);
  }

  @Test
  void shouldAskForLostReceiptsAtHalfOfTheExpiry() {
    Upload upload = Upload.of(4);
    Task task = taskOf(upload, upload.receipt(1), upload.sealed());

    task.advance(Task.EXPIRY.dividedBy(2).minus(SOON));
    assertThat(task.asked()).isEmpty();
    task.advance(SOON.multipliedBy(2));
    assertThat(task.asked()).containsExactly(0L, 2L, 3L);
  }

  @Test
  void shouldNotAskForReceiptsThatTheChunkerHasYetToGive() {
    Upload upload = Upload.of(4);
    Task task = taskOf(upload, upload.receipt(1), sealedUpTo(upload, 100));
    task.chunkerIsAt(0, 99);

    task.advance(Task.EXPIRY.multipliedBy(3));
    assertThat(task.asked()).isEmpty();
    assertThat(task.hasEnded()).isFalse();

    task.chunkerIsAt(0, 100);
    assertThat(task.advance(Task.EXPIRY.dividedBy(2)))
        .extracting(UploadStatus::getState)
        .containsExactly(State.EXPIRED);
    assertThat(task.asked()).contains(0L, 2L, 3L);
  }

  @Test
  void shouldNotExpireASealedUploadWhileKafkaDoesNotAnswer() {
    Upload upload = Upload.of(4);
    Task task = taskOf(upload, sealedUpTo(upload, 100));
    task.chunkerIsAt(0, 100);
    task.kafkaAnswers(false);
    assertThat(task.advance(Task.EXPIRY.multipliedBy(2))).isEmpty();

    task.kafkaAnswers(true);
    assertThat(task.advance(Duration.ofMinutes(1)))
        .extracting(UploadStatus::getState)
        .containsExactly(State.EXPIRED);
  }

  @Test
  void shouldFindOutWhatIsNotMissingAnyMoreBeforeItExpires() throws IOException {
    Upload upload = Upload.of(3);
    upload.storeContent(store);
    Task task =
        taskOf(
            upload,
            upload.receipt(0),
            upload.receipt(1, Result.MISSING),
            upload.receipt(2, Result.MISSING),
            upload.sealed());

    UploadStatus told = last(task.advance(Task.EXPIRY.plusMinutes(2)));

    assertThat(told.getState()).isEqualTo(State.COMPLETE);
    assertThat(told.getNewChunks()).isEqualTo(1);
    assertThat(Upload.read(store, upload.key())).contains(upload.object());
  }

  @Test
  void shouldFindLostReceiptsThroughTheTopicBeforeItExpires() throws IOException {
    Upload upload = Upload.of(3);
    upload.storeContent(store);
    Task task = taskOf(upload, upload.receipt(0), sealedUpTo(upload, 100));
    task.chunkerIsAt(0, 100);
    for (int seq = 0; seq < 3; seq++) {
      task.log(entry(seq, upload.chunks().get(seq)));
    }
    task.log(entry(7, upload.chunks().get(0)));
    task.log(entry(-1, upload.chunks().get(0)));

    UploadStatus told = last(task.advance(Task.EXPIRY.plusMinutes(2)));

    assertThat(told.getState()).isEqualTo(State.COMPLETE);
    assertThat(Upload.read(store, upload.key())).contains(upload.object());
  }

  @Test
  void shouldExpireWhatTheChunkerDoesNotHave() throws IOException {
    Upload upload = Upload.of(3);
    Upload.store(store, upload.chunks().subList(0, 2).stream());
    Task task = taskOf(upload, upload.receipt(0), sealedUpTo(upload, 100));
    task.chunkerIsAt(0, 100);
    task.log(entry(1, upload.chunks().get(1)));
    task.log(entry(2, upload.chunks().get(2)));

    UploadStatus told = last(task.advance(Task.EXPIRY.multipliedBy(3)));

    assertThat(told.getState()).isEqualTo(State.EXPIRED);
    assertThat(told.getChunksReceived()).isEqualTo(2);
    assertThat(store.stat(upload.key())).isEmpty();
  }

  private static ChunkReplay.Entry entry(long seq, ChunkRef chunk) {
    return new ChunkReplay.Entry(seq, chunk.digest(), (int) chunk.size());
  }

  private static UploadEvent sealedUpTo(Upload upload, long end) {
    UploadEvent.Builder event = upload.sealed().toBuilder();
    event
        .getSealedBuilder()
        .addChunkRecords(UploadEvent.PartitionRange.newBuilder().setEndOffset(end));
    return event.build();
  }

  private static UploadStatus last(List<UploadStatus> told) {
    List<UploadStatus> all = new ArrayList<>(told);
    return all.get(all.size() - 1);
  }
}
