package io.castore.index;

import static org.assertj.core.api.Assertions.assertThat;

import io.castore.content.objectstore.MemoryObjectStore;
import io.castore.proto.pipeline.ChunkReceipt;
import io.castore.proto.pipeline.UploadStatus;
import io.castore.proto.pipeline.UploadStatus.State;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** What holds whatever the order of the records is, and wherever the process dies. */
final class UploadGathererTest {
  private final MemoryObjectStore store = new MemoryObjectStore();

  @Property(tries = 300)
  void shouldPublishTheSameWhateverTheOrder(
      @ForAll @IntRange(max = 12) int chunks, @ForAll long seed) throws IOException {
    Upload upload = Upload.of(chunks);
    Task task = new Task(upload.id(), records(upload, new Random(seed)), store);
    task.takeAll();
    task.settle();

    assertComplete(upload, task);
    assertThat(task.ends()).hasSize(1);
  }

  @Property(tries = 1000)
  void shouldPublishTheSameWhereverItCrashes(
      @ForAll @IntRange(max = 8) int chunks,
      @ForAll long seed,
      @ForAll @IntRange(max = 5) int crashes)
      throws IOException {
    Random random = new Random(seed);
    Upload upload = Upload.of(chunks);
    List<Object> records = records(upload, random);
    boolean mayBeBrief =
        records.contains(upload.whole()) || records.stream().anyMatch(Upload::isClaimedChunk);
    Task task = new Task(upload.id(), records, store);
    task.chunkerAnswersWhenTold();
    int left = crashes;
    while (task.hasRecords() || !task.hasEnded() || left > 0) {
      if (task.hasRecords()) {
        task.step();
        assertThat(mayBeBrief || !task.sent().isEmpty()).isTrue();
      }
      if (random.nextInt(3) == 0) {
        task.answer();
      }
      if (random.nextInt(3) == 0) {
        task.call();
      }
      if (random.nextInt(2) == 0) {
        task.tick();
      }
      if (left > 0 && random.nextInt(4) == 0) {
        left--;
        task.crash(random.nextInt(1024));
        task.reorder(random);
      } else if (random.nextInt(3) == 0) {
        task.commit();
        // Whoever knows that a record was committed finds its upload in the statuses.
        assertThat(task.hasTakenNothing() || !task.sent().isEmpty()).isTrue();
      }
    }
    task.settle();

    assertComplete(upload, task);
    List<UploadStatus> none = task.advance(Task.EXPIRY.plusMinutes(10));
    assertThat(none).isEmpty();
    assertThat(task.rowCount()).isZero();
    assertThat(task.deadlineCount()).isZero();
    assertThat(task.header().getStatus().getState()).isEqualTo(State.COMPLETE);
  }

  /** How an upload ends depends on the order of its records, which a crash may change. */
  @Property(tries = 1000)
  void shouldNeverTellAnotherEndWhereverItCrashes(
      @ForAll @IntRange(max = 3) int chunks,
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 6) int crashes,
      @ForAll boolean keepsItsDisk) {
    Random random = new Random(seed);
    Upload upload = Upload.of(chunks);
    Task task = new Task(upload.id(), endingOneWayOrAnother(upload, random), store);
    task.chunkerAnswersWhenTold();
    int left = crashes;
    while (task.hasRecords() || left > 0) {
      if (task.hasRecords()) {
        task.step();
      }
      if (random.nextInt(3) == 0) {
        task.answer();
      }
      if (random.nextInt(3) == 0) {
        task.call();
      }
      if (random.nextInt(4) == 0) {
        task.tick();
      }
      if (random.nextInt(4) == 0) {
        task.report();
      }
      if (left > 0 && random.nextInt(4) == 0) {
        left--;
        if (keepsItsDisk && random.nextBoolean()) {
          task.crashInPlace(random.nextInt(1024));
        } else {
          task.crash(random.nextInt(1024));
        }
        task.reorder(random);
      } else if (random.nextInt(6) == 0) {
        task.commit();
      }
    }
    task.commit();
    task.settle();

    assertThat(task.hasEnded() || keepsItsDisk).isTrue();
    if (task.hasEnded()) {
      UploadStatus end = task.header().getStatus();
      List<UploadStatus> told = task.sent();
      assertThat(told).endsWith(end);
      assertThat(told.subList(told.indexOf(task.ends().get(0)), told.size())).allMatch(end::equals);
    }
  }

  private static List<Object> endingOneWayOrAnother(Upload upload, Random random) {
    List<Object> records = records(upload, random);
    records.add(random.nextInt(records.size() + 1), Upload.aborted("why not"));
    if (random.nextBoolean()) {
      records.add(random.nextInt(records.size() + 1), Upload.rejected(0, "bad frame"));
    }
    if (random.nextBoolean()) {
      records.add(
          random.nextInt(records.size() + 1),
          Upload.sealed(upload.blob(), upload.size() + 1, upload.chunks().size()));
    }
    return records;
  }

  @Property(tries = 300)
  void shouldExpireWhatIsNeverSealedWhereverItCrashes(
      @ForAll @IntRange(min = 1, max = 5) int chunks, @ForAll long seed) {
    Random random = new Random(seed);
    Upload upload = Upload.of(chunks);
    List<Object> records = records(upload, random);
    records.removeAll(List.of(upload.sealed(), upload.whole()));
    Task task = new Task(upload.id(), records, store);
    int left = 3;
    while (task.hasRecords()) {
      task.step();
      if (left > 0 && random.nextInt(3) == 0) {
        left--;
        task.crash(random.nextInt(256));
      }
    }
    task.commit();

    assertThat(task.advance(Task.EXPIRY.plusMinutes(1)))
        .extracting(UploadStatus::getState)
        .containsExactly(State.EXPIRED);
    task.crash(random.nextInt(256));
    List<UploadStatus> again = task.advance(Task.EXPIRY.plusMinutes(1));
    assertThat(again).isNotEmpty().allMatch(status -> status.getState() == State.EXPIRED);
    task.commit();
    List<UploadStatus> none = task.advance(Task.EXPIRY.plusMinutes(10));
    assertThat(none).isEmpty();
    assertThat(task.rowCount()).isZero();
    assertThat(task.deadlineCount()).isZero();
  }

  @Test
  void shouldPublishAfterACrashWhatWasWholeBeforeThoughNoRecordComesAgain() throws IOException {
    Upload upload = Upload.of(3);
    Task task = new Task(upload.id(), inOrder(upload), store);
    task.takeAll();
    task.commit();

    task.crash(0);
    assertThat(task.hasRecords()).isFalse();
    task.settle();

    assertComplete(upload, task);
  }

  @Test
  void shouldTellAfterACrashHowItEndedThoughNoRecordComesAgain() throws IOException {
    Upload upload = Upload.of(3);
    Task task = new Task(upload.id(), inOrder(upload), store);
    task.takeAll();
    task.commit();
    task.settle();
    assertComplete(upload, task);

    int headersAlone = 0b00_00_00_11;
    task.crash(headersAlone);
    assertThat(task.ends()).isEmpty();
    task.settle();

    assertComplete(upload, task);
  }

  @Test
  void shouldSayAgainHowItEndedWhenTheRecordThatEndedItComesAgain() {
    Upload upload = Upload.of(1);
    Task task = new Task(upload.id(), List.of(upload.opened(), Upload.aborted("why not")), store);
    task.step();
    task.commit();
    task.step();
    UploadStatus told = task.header().getStatus();

    int headersAndRowsAlone = 0b00_00_11_11;
    task.crash(headersAndRowsAlone);
    task.step();
    task.commit();

    assertThat(task.ends()).containsExactly(told);
  }

  @Test
  void shouldTellOfAnUploadThatItsFirstRecordEndsBeforeThatIsCommitted() {
    Upload upload = Upload.of(1);
    Task task = new Task(upload.id(), List.of(Upload.aborted("why not")), store);
    task.takeAll();

    assertThat(task.sent()).extracting(UploadStatus::getState).containsExactly(State.OPEN);
    task.tick();
    assertThat(task.sent())
        .extracting(UploadStatus::getState)
        .containsExactly(State.OPEN, State.ABORTED);
  }

  @Test
  void shouldTellAnEndOnlyWhenItIsDurable() {
    Upload upload = Upload.of(1);
    Task task = new Task(upload.id(), List.of(upload.opened(), Upload.aborted("why not")), store);
    task.takeAll();
    assertThat(task.hasEnded()).isTrue();
    assertThat(task.ends()).isEmpty();

    task.tick();
    assertThat(task.ends()).hasSize(1);
    task.crash(0);

    assertThat(task.hasEnded()).isTrue();
  }

  @Test
  void shouldTellAnEndThatIsOnThisDiskAloneOnlyWhenItIsDurable() {
    Upload upload = Upload.of(1);
    Task task = new Task(upload.id(), List.of(upload.opened(), Upload.aborted("why not")), store);
    task.takeAll();
    task.crashInPlace(0);
    assertThat(task.hasEnded()).isTrue();

    task.tick();
    assertThat(task.ends()).hasSize(1);
    task.crash(0);

    assertThat(task.hasEnded()).isTrue();
  }

  @Test
  void shouldTellAnEndAfterALongStandstillAndACrash() {
    Upload upload = Upload.of(1);
    Task task = new Task(upload.id(), List.of(upload.opened()), store);
    task.takeAll();
    task.commit();
    int storesAlone = 0b00_00_11_11_11;
    assertThat(task.advance(Task.EXPIRY.plusMinutes(1))).hasSize(1);
    task.pause(UploadLedger.ROWS_STAY.multipliedBy(2));
    task.crash(storesAlone);
    assertThat(task.ends()).isEmpty();
    task.settle();
    assertThat(task.deadlineCount()).isZero();

    task.crash(storesAlone);
    task.settle();
    assertThat(task.ends()).hasSize(1);
  }

  @Test
  void shouldClearTheRowsAwayWhereACrashLostTheDeadline() {
    Upload upload = Upload.of(1);
    Task task =
        new Task(
            upload.id(),
            List.of(upload.receipt(0), upload.sealed(), upload.claimed(), upload.receipt(0)),
            store);
    task.chunkerAnswersWhenTold();
    task.step();
    task.step();
    task.step();
    task.call();
    task.step();
    assertThat(task.hasEnded()).isTrue();
    int headersAndRowsAlone = 0b00_00_11_11;
    task.crash(headersAndRowsAlone);
    assertThat(task.hasEnded()).isTrue();
    assertThat(task.deadlineCount()).isZero();

    task.takeAll();
    task.settle();

    assertThat(task.advance(Duration.ofMinutes(6))).isEmpty();
    assertThat(task.rowCount()).isZero();
  }

  @Test
  void shouldNotSayItAgainForAnyOtherRecord() {
    Upload upload = Upload.of(1);
    Task task =
        new Task(
            upload.id(), List.of(upload.sealed(), upload.receipt(0), upload.receipt(0)), store);
    task.takeAll();
    task.settle();

    assertThat(task.ends()).hasSize(1);
  }

  @Test
  void shouldTakeNoMoreRecordsWhileItIsPublished() throws IOException {
    Upload upload = Upload.of(2);
    List<Object> records = inOrder(upload);
    records.add(upload.claimed());
    records.add(Upload.aborted("too late"));
    records.add(Upload.rejected(0, "too late"));
    records.add(Upload.receipt(0, upload.chunks().get(1), ChunkReceipt.Result.STORED));
    Task task = new Task(upload.id(), records, store);
    task.takeAll();
    assertThat(task.hasEnded()).isFalse();
    task.settle();

    assertComplete(upload, task);
  }

  @Test
  void shouldGiveWhatWaitsInTheTopicsTimeAfterALongStandstill() {
    Upload upload = Upload.of(1);
    Task task = new Task(upload.id(), List.of(upload.sealed(), upload.receipt(0)), store);
    task.step();
    task.settle();
    task.commit();
    task.standStill(Task.EXPIRY.multipliedBy(3));

    assertThat(task.advance(Duration.ofMinutes(1))).isEmpty();
    task.takeAll();
    task.settle();
    assertThat(task.header().getStatus().getState()).isEqualTo(State.COMPLETE);
  }

  @Test
  void shouldGiveWhatWaitsInTheTopicsTimeAfterAPause() {
    Upload upload = Upload.of(1);
    Task task = new Task(upload.id(), List.of(upload.sealed(), upload.receipt(0)), store);
    task.step();
    task.settle();
    task.pause(Task.EXPIRY.multipliedBy(3));

    assertThat(task.advance(Duration.ofMinutes(1))).isEmpty();
    assertThat(task.advance(Task.EXPIRY.dividedBy(4)))
        .extracting(UploadStatus::getState)
        .containsExactly(State.EXPIRED);
  }

  @Test
  void shouldExpireAfterAStandstillWhatStaysSilent() {
    Upload upload = Upload.of(1);
    Task task = new Task(upload.id(), List.of(upload.sealed()), store);
    task.step();
    task.settle();
    task.commit();
    task.standStill(Task.EXPIRY.multipliedBy(3));

    assertThat(task.advance(Duration.ofMinutes(1))).isEmpty();
    assertThat(task.advance(Task.EXPIRY.dividedBy(4)))
        .extracting(UploadStatus::getState)
        .containsExactly(State.EXPIRED);
  }

  private static List<Object> inOrder(Upload upload) {
    List<Object> records = new ArrayList<>(List.of(upload.opened()));
    for (int seq = 0; seq < upload.chunks().size(); seq++) {
      records.add(upload.receipt(seq));
    }
    records.add(upload.sealed());
    return records;
  }

  /**
   * All records of an upload in some order, each once or more; it is opened before it is sealed.
   * Some chunks are said to be missing as well, before or after.
   */
  private static List<Object> records(Upload upload, Random random) {
    List<Object> events = new ArrayList<>(List.of(upload.opened(), upload.sealed()));
    if (random.nextBoolean()) {
      events.add(1, upload.opened());
    }
    if (random.nextBoolean()) {
      events.add(upload.sealed());
    }
    if (random.nextBoolean()) {
      events = new ArrayList<>(Collections.nCopies(1 + random.nextInt(2), upload.whole()));
    }
    List<Object> receipts = new ArrayList<>();
    if (upload.chunks().size() == 1 && random.nextBoolean()) {
      receipts.addAll(Collections.nCopies(1 + random.nextInt(2), upload.claimedChunk()));
    }
    for (int seq = receipts.isEmpty() ? 0 : 1; seq < upload.chunks().size(); seq++) {
      receipts.addAll(Collections.nCopies(1 + random.nextInt(2), upload.receipt(seq)));
      receipts.addAll(
          Collections.nCopies(random.nextInt(2), upload.receipt(seq, ChunkReceipt.Result.MISSING)));
    }
    Collections.shuffle(receipts, random);
    List<Object> records = new ArrayList<>();
    while (!events.isEmpty() || !receipts.isEmpty()) {
      List<Object> from =
          receipts.isEmpty() || (!events.isEmpty() && random.nextBoolean()) ? events : receipts;
      records.add(from.remove(0));
    }
    return records;
  }

  private void assertComplete(Upload upload, Task task) throws IOException {
    assertThat(Upload.read(store, upload.key())).contains(upload.object());
    assertThat(task.ends()).isNotEmpty().allMatch(task.ends().get(0)::equals);
    UploadStatus status = task.ends().get(0);
    assertThat(status).isEqualTo(task.header().getStatus());
    assertThat(status.getState()).isEqualTo(State.COMPLETE);
    assertThat(status.getSource()).isEqualTo(Upload.SOURCE);
    assertThat(status.getChunkCount()).isEqualTo(upload.chunks().size());
    assertThat(status.getChunksReceived()).isEqualTo(upload.chunks().size());
    assertThat(status.getBytesReceived()).isEqualTo(upload.size());
    assertThat(status.getNewChunks()).isEqualTo(upload.newChunks());
    assertThat(status.getNewBytes()).isEqualTo(upload.newBytes());
  }
}
