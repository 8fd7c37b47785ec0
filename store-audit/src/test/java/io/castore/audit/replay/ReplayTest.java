package io.castore.audit.replay;

import static org.assertj.core.api.Assertions.assertThat;

import io.castore.audit.AuditProgress;
import io.castore.audit.AuditedSystem.Ingested;
import io.castore.audit.AuditedSystemTest;
import io.castore.audit.log.StoreLog;
import io.castore.audit.replay.Difference.Kind;
import io.castore.content.objectstore.ObjectBody;
import io.castore.pipeline.records.UploadId;
import io.castore.proto.pipeline.UploadStatus.State;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class ReplayTest extends AuditedSystemTest {
  private record Report(ReplaySummary summary, List<Difference> differences) {
    List<String> subjects(Kind kind) {
      return differences.stream()
          .filter(one -> one.kind() == kind)
          .map(Difference::subject)
          .toList();
    }
  }

  @Test
  void shouldFindNoDifferenceWhenStoreAndStatusesFollowFromTheLog() throws Exception {
    for (int i = 0; i < 4; i++) {
      system().ingest("file:///" + i, system().chunks(i));
    }
    Report report = replay(ReplayWindow.ALL);
    assertThat(report.differences()).isEmpty();
    assertThat(report.summary().isClean()).isTrue();
    assertThat(report.summary().uploads()).isEqualTo(Map.of(State.COMPLETE, 4L));
    assertThat(report.summary().blobs()).isEqualTo(4);
    assertThat(report.summary().chunks()).isEqualTo(6);
  }

  @Test
  void shouldNameEachDifferenceByItsKindAndGiveTheSameReportAgain() throws Exception {
    Ingested whole = system().ingest("file:///whole", system().chunks(3));
    Ingested gone = system().ingest("file:///gone", system().chunks(3));
    Ingested unfinished = system().send("file:///unfinished", system().chunks(2));
    system().tell(unfinished, "file:///unfinished", State.SEALED);
    Ingested lied = system().send("file:///lied", system().chunks(2));
    system().tell(lied, "file:///lied", State.EXPIRED);
    system().store().delete(gone.blobKey());
    system().store().delete(gone.chunkKey(1));
    system().flip(whole.blobKey());
    system().store().put("other/program", ObjectBody.of(new byte[] {1}));
    String leftOver = unfinished.chunkKey(0);
    system().store().put(leftOver, ObjectBody.of(new byte[] {1}));

    Report report = replay(ReplayWindow.ALL);
    assertThat(report.subjects(Kind.BLOB_MISSING)).containsExactly(gone.blobKey());
    assertThat(report.subjects(Kind.CHUNK_MISSING)).containsExactly(gone.chunkKey(1));
    assertThat(report.subjects(Kind.BLOB_DIFFERENT)).containsExactly(whole.blobKey());
    assertThat(report.subjects(Kind.UPLOAD_STATE)).containsExactly(lied.upload().toString());
    assertThat(report.subjects(Kind.UPLOAD_UNFINISHED))
        .containsExactly(unfinished.upload().toString());
    assertThat(report.subjects(Kind.EXTRA)).containsExactly("other/program");
    assertThat(report.subjects(Kind.UNREFERENCED)).containsExactly(leftOver);
    assertThat(report.summary().isClean()).isFalse();
    assertThat(replay(ReplayWindow.ALL)).isEqualTo(report);
  }

  @Test
  void shouldCompareWhatWasToldBetweenTwoTimesAlone() throws Exception {
    Ingested early = system().ingest("file:///early", system().chunks(2));
    Instant from = system().now();
    Ingested middle = system().ingest("file:///middle", system().chunks(2));
    Instant to = system().now();
    Ingested late = system().ingest("file:///late", system().chunks(2));
    for (Ingested blob : List.of(early, middle, late)) {
      system().store().delete(blob.blobKey());
    }
    Report report = replay(new ReplayWindow(Optional.of(from), Optional.of(to)));
    assertThat(report.subjects(Kind.BLOB_MISSING)).containsExactly(middle.blobKey());
    assertThat(report.summary().uploads()).isEqualTo(Map.of(State.COMPLETE, 1L));
  }

  @Test
  void shouldTellEveryRecordThatTouchedAnUpload() throws Exception {
    system().ingest("file:///other", system().chunks(2));
    Ingested blob = system().ingest("file:///a", system().chunks(2));
    List<HistoryEntry> history = history(blob.upload());
    String prefix = system().config().topics().prefix();
    assertThat(history)
        .extracting(entry -> entry.topic().substring(prefix.length()))
        .containsExactly(
            "uploads",
            "chunks",
            "chunk-receipts",
            "chunks",
            "chunk-receipts",
            "uploads",
            "upload-status");
    assertThat(history.get(0).text()).contains("file:///a");
    assertThat(history).isSortedAccordingTo((a, b) -> a.at().compareTo(b.at()));
    assertThat(history(UploadId.random())).isEmpty();
  }

  private List<HistoryEntry> history(UploadId id) throws IOException {
    List<HistoryEntry> entries = new ArrayList<>();
    try (UploadHistory history =
        UploadHistory.open(
            system().config(), id, directory().resolve("scratch"), new AuditProgress())) {
      long count = history.visit(entries::add);
      assertThat(count).isEqualTo(entries.size());
    }
    return entries;
  }

  private Report replay(ReplayWindow window) throws IOException {
    try (StoreLog log =
            StoreLog.read(
                system().config(),
                system().storeId(),
                window.to(),
                directory().resolve("scratch"),
                new AuditProgress());
        Replay replay =
            Replay.open(
                system().config(),
                system().store(),
                system().storeId(),
                log,
                window,
                directory().resolve("scratch"),
                new AuditProgress())) {
      ReplaySummary summary = replay.run();
      List<Difference> differences = new ArrayList<>();
      replay.differences().visit(differences::add);
      return new Report(summary, differences);
    }
  }
}
