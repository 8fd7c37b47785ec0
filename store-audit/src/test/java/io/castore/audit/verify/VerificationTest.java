package io.castore.audit.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.castore.audit.AuditProgress;
import io.castore.audit.AuditedSystem.Ingested;
import io.castore.audit.AuditedSystemTest;
import io.castore.audit.log.StoreLog;
import io.castore.content.digest.Blake3;
import io.castore.content.layout.BlobIndex;
import io.castore.content.layout.BucketLayout;
import io.castore.content.layout.ChunkList;
import io.castore.content.layout.ChunkRef;
import io.castore.content.objectstore.ObjectStore;
import io.castore.content.objectstore.StoreUnavailableException;
import io.castore.pipeline.log.TopicScan;
import io.castore.proto.pipeline.UploadStatus;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

final class VerificationTest extends AuditedSystemTest {
  @Test
  void shouldNameAllThatIsDamagedOrDeletedAndNothingElse() throws Exception {
    Random random = new Random(11);
    List<byte[]> shared = system().chunks(20);
    for (int i = 0; i < 80; i++) {
      List<byte[]> chunks = system().chunks(i % 6);
      if (i % 3 == 0) {
        chunks.add(shared.get(i % shared.size()));
      }
      system().ingest("file:///" + i, chunks);
    }
    List<String> keys = new ArrayList<>(new TreeSet<>(system().objects().keySet()));
    keys.remove(BucketLayout.IDENTITY_KEY);
    Collections.shuffle(keys, random);
    List<String> deleted = keys.subList(0, 50);
    List<String> flipped =
        keys.subList(50, keys.size()).stream().filter(this::hasBytes).limit(50).toList();
    for (String key : flipped) {
      system().flip(key);
    }
    for (String key : deleted) {
      system().store().delete(key);
    }

    Outcome outcome = verify(VerifyOptions.ALL);
    assertThat(outcome.missing()).containsExactlyInAnyOrderElementsOf(deleted);
    assertThat(outcome.damaged()).containsExactlyInAnyOrderElementsOf(flipped);
    assertThat(outcome.summary().damaged()).isEqualTo(50);
    assertThat(outcome.summary().missing()).isEqualTo(50);
  }

  private boolean hasBytes(String key) {
    try {
      return system().read(key).length > 0;
    } catch (IOException unreadable) {
      throw new AssertionError(unreadable);
    }
  }

  @Test
  void shouldFindNothingInAStoreThatIsWhole() throws Exception {
    system().ingest("file:///a", system().chunks(3));
    system().ingest("file:///b", system().chunks(1));
    system().ingest("file:///empty", List.of());
    Outcome outcome = verify(new VerifyOptions(100, true, false, 1_000_000_000, 2));
    assertThat(outcome.findings()).isEmpty();
    assertThat(outcome.summary().isClean()).isTrue();
    assertThat(outcome.summary().chunks()).isEqualTo(4);
    assertThat(outcome.summary().blobs()).isEqualTo(3);
  }

  @Test
  void shouldMissNoObjectThatWasLeftOutButItsChunk() throws Exception {
    Ingested whole = system().ingestWithoutObject("file:///whole", system().chunk());
    Ingested lost = system().ingestWithoutObject("file:///lost", system().chunk());
    byte[] both = system().chunk();
    Ingested written = system().ingest("file:///written", List.of(both));
    Ingested leftOut = system().ingestWithoutObject("file:///left-out", both);
    assertThat(verify(VerifyOptions.ALL).findings()).isEmpty();

    system().store().delete(lost.chunkKey(0));
    system().store().delete(written.blobKey());

    assertThat(leftOut.blobKey()).isEqualTo(written.blobKey());
    assertThat(verify(VerifyOptions.ALL).missing())
        .containsExactlyInAnyOrder(lost.chunkKey(0), written.blobKey())
        .doesNotContain(whole.blobKey());
  }

  @Test
  void shouldNameAChunkOnceWithEveryBlobAndSourceThatItHits() throws Exception {
    byte[] shared = system().chunk();
    Ingested one = system().ingest("file:///one", List.of(shared, system().chunk()));
    Ingested two = system().ingest("file:///two", List.of(system().chunk(), shared));
    Ingested single = system().ingest("file:///single", List.of(shared));
    system().flip(single.chunkKey(0));

    Outcome outcome = verify(VerifyOptions.ALL);
    assertThat(outcome.damaged()).containsExactly(single.chunkKey(0));
    Finding finding = outcome.findings().get(0);
    assertThat(finding.hitCount()).isEqualTo(3);
    assertThat(finding.hits())
        .extracting(Finding.Hit::blob)
        .containsExactlyInAnyOrder(one.blob(), two.blob(), single.blob());
    assertThat(finding.hits())
        .flatExtracting(Finding.Hit::sources)
        .containsExactlyInAnyOrder("file:///one", "file:///two", "file:///single");
  }

  @Test
  void shouldNameTheListAndNotTheChunksThatNeverWere() throws Exception {
    Ingested blob = system().ingest("file:///a", system().chunks(3));
    ChunkList other =
        ChunkList.of(
            blob.blob(),
            new ChunkRef(Blake3.hash(new byte[] {1}), blob.list().get(0).size()),
            blob.list().get(1),
            blob.list().get(2));
    system().store().put(blob.blobKey(), BlobIndex.body(other));
    assertThat(verify(VerifyOptions.ALL).damaged()).containsExactly(blob.blobKey());
  }

  @Test
  void shouldTakeAListOfAnotherProgramWhoseChunksAreThere() throws Exception {
    byte[] start = system().chunk();
    byte[] end = system().chunk();
    Ingested blob = system().ingest("file:///a", List.of(start, end));
    byte[] firstHalf = Arrays.copyOf(start, 100);
    byte[] secondHalf = Arrays.copyOfRange(start, 100, start.length);
    system().ingest("file:///halves", List.of(firstHalf, secondHalf));
    system()
        .store()
        .put(
            blob.blobKey(),
            BlobIndex.body(
                ChunkList.of(
                    blob.blob(),
                    new ChunkRef(Blake3.hash(firstHalf), firstHalf.length),
                    new ChunkRef(Blake3.hash(secondHalf), secondHalf.length),
                    blob.list().get(1))));
    assertThat(verify(new VerifyOptions(100, true, false, 0, 2)).findings()).isEmpty();
  }

  @Test
  void shouldNameWhatOnlyTheWholeDigestTells() throws Exception {
    byte[] one = system().chunk();
    byte[] two = system().chunk();
    Ingested blob = system().ingest("file:///a", List.of(one, two));
    ChunkList swapped = ChunkList.of(blob.blob(), blob.list().get(1), blob.list().get(0));
    system().store().put(blob.blobKey(), BlobIndex.body(swapped));
    assertThat(verify(VerifyOptions.ALL).findings()).isEmpty();
    assertThat(verify(new VerifyOptions(100, true, false, 0, 2)).damaged())
        .containsExactly(blob.blobKey());
  }

  @Test
  void shouldMissOnlyBlobsThatStillCount() throws Exception {
    Ingested dropped = system().ingest("file:///dropped", system().chunks(2));
    Ingested again = system().ingest("file:///again", system().chunks(2));
    system().drop(dropped.blob(), statusEnds());
    system().drop(again.blob(), statusEnds());
    system().tell(again, "file:///again", UploadStatus.State.COMPLETE);
    Ingested failed = system().send("file:///failed", system().chunks(2));
    system().tell(failed, "file:///failed", UploadStatus.State.FAILED);
    for (Ingested blob : List.of(dropped, again)) {
      system().store().delete(blob.blobKey());
      system().store().delete(blob.chunkKey(0));
    }
    assertThat(verify(VerifyOptions.ALL).missing())
        .containsExactlyInAnyOrder(again.blobKey(), again.chunkKey(0));
  }

  @Test
  void shouldNotMissWhatAnotherStoreWasGiven() throws Exception {
    Ingested elsewhere = system().send("file:///a", List.of());
    system().receipt(elsewhere.upload(), 0, elsewhere.blob(), 1, "another store");
    system().tell(elsewhere, "file:///a", UploadStatus.State.COMPLETE);
    assertThat(verify(VerifyOptions.ALL).findings()).isEmpty();
  }

  @Test
  void shouldNameAnIdentityThatIsGone() throws Exception {
    system().store().delete(BucketLayout.IDENTITY_KEY);
    assertThat(verify(VerifyOptions.ALL).missing()).containsExactly(BucketLayout.IDENTITY_KEY);
  }

  @Test
  void shouldVerifyAStoreByItselfWhenThereIsNoLog() throws Exception {
    Ingested blob = system().ingest("file:///a", system().chunks(3));
    Ingested gone = system().ingest("file:///b", system().chunks(3));
    system().store().delete(blob.chunkKey(1));
    system().flip(blob.chunkKey(2));
    system().store().delete(gone.blobKey());
    Outcome outcome = verify(VerifyOptions.ALL, false);
    assertThat(outcome.missing()).containsExactly(blob.chunkKey(1));
    assertThat(outcome.damaged()).containsExactly(blob.chunkKey(2));
  }

  @Test
  void shouldGoOnWhereItWasStopped() throws Exception {
    for (int i = 0; i < 40; i++) {
      system().ingest("file:///" + i, system().chunks(3));
    }
    TreeSet<String> chunks = new TreeSet<>();
    system().store().list(BucketLayout.CHUNK_PREFIX, object -> chunks.add(object.key()));
    String early = chunks.first();
    String late = chunks.last();
    system().flip(early);
    system().flip(late);
    StoppableStore stoppable = new StoppableStore(system().store(), late);
    try (StoreLog log = system().log();
        Verification stopped = open(VerifyOptions.ALL, Optional.of(log), stoppable)) {
      assertThatThrownBy(stopped::run).isInstanceOf(StoreUnavailableException.class);
    }
    stoppable.goOn();
    try (StoreLog log = system().log();
        Verification resumed =
            open(new VerifyOptions(100, false, true, 0, 2), Optional.of(log), stoppable)) {
      Outcome outcome = outcome(resumed);
      assertThat(outcome.damaged()).containsExactlyInAnyOrder(early, late);
      assertThat(outcome.summary().chunksRead()).isEqualTo(chunks.size());
    }
    assertThat(stoppable.opened(chunks.higher(early))).isEqualTo(1);
  }

  @Test
  void shouldReadNoChunkWhenTheSampleIsEmpty() throws Exception {
    Ingested blob = system().ingest("file:///a", system().chunks(3));
    system().flip(blob.chunkKey(1));
    system().store().delete(blob.chunkKey(2));
    Outcome outcome = verify(new VerifyOptions(0, false, false, 0, 2));
    assertThat(outcome.summary().chunksRead()).isZero();
    assertThat(outcome.missing()).containsExactly(blob.chunkKey(2));
    assertThat(outcome.damaged()).isEmpty();
  }

  private Map<Integer, Long> statusEnds() {
    try (TopicScan<?, ?> scan =
        TopicScan.open(system().config(), system().config().topics().uploadStatus())) {
      return scan.ends();
    }
  }

  private record Outcome(VerifySummary summary, List<Finding> findings) {
    Set<String> missing() {
      return keys(true);
    }

    Set<String> damaged() {
      return keys(false);
    }

    private Set<String> keys(boolean isMissing) {
      Set<String> keys = new TreeSet<>();
      findings.stream()
          .filter(finding -> finding.isMissing() == isMissing)
          .forEach(finding -> assertThat(keys.add(finding.object().key())).isTrue());
      return keys;
    }
  }

  private Outcome verify(VerifyOptions options) throws IOException {
    return verify(options, true);
  }

  private Outcome verify(VerifyOptions options, boolean withLog) throws IOException {
    try (StoreLog log = system().log();
        Verification verification =
            open(options, withLog ? Optional.of(log) : Optional.empty(), system().store())) {
      return outcome(verification);
    }
  }

  private Verification open(VerifyOptions options, Optional<StoreLog> log, ObjectStore store)
      throws IOException {
    return Verification.open(
        store,
        system().storeId(),
        log,
        options,
        new Verification.Directories(directory().resolve("scratch"), directory().resolve("state")),
        new AuditProgress());
  }

  private static Outcome outcome(Verification verification) throws IOException {
    VerifySummary summary = verification.run();
    List<Finding> findings = new ArrayList<>();
    verification.findings().visit(findings::add);
    return new Outcome(summary, findings);
  }
}
