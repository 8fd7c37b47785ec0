package io.castore.audit.repair;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.castore.audit.AuditProgress;
import io.castore.audit.AuditedSystem.Ingested;
import io.castore.audit.AuditedSystemTest;
import io.castore.audit.log.StoreLog;
import io.castore.audit.repair.RepairOutcome.Result;
import io.castore.audit.verify.Verification;
import io.castore.audit.verify.VerifyOptions;
import io.castore.chunker.ChunkerService;
import io.castore.content.layout.BucketLayout;
import io.castore.content.layout.BucketObject;
import io.castore.pipeline.log.GroupOffsets;
import io.castore.pipeline.log.TopicScan;
import io.castore.pipeline.orders.ChunkOrders;
import io.castore.pipeline.outage.StoreBreaker;
import io.castore.pipeline.streams.ChunkerGroup;
import io.castore.pipeline.streams.StreamsRunner;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class RepairTest extends AuditedSystemTest {
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private Admin admin;
  private StoreBreaker breaker;
  private StreamsRunner chunker;
  private GroupOffsets group;

  @SuppressWarnings("NullAway.Init") // opened before each test
  RepairTest() {}

  @BeforeEach
  void open() throws Exception {
    admin = Admin.create(system().config().kafkaClient());
    breaker = StoreBreaker.start(() -> {}, Duration.ofHours(1));
    String chunks = system().config().topics().chunks().name();
    chunker =
        ChunkerService.start(
            system().config(),
            Map.of(chunks, 4),
            system().store(),
            system().storeId(),
            admin,
            breaker);
    group =
        new GroupOffsets(
            admin,
            ChunkerGroup.application(system().config().topics(), system().storeId()).id(),
            chunks);
  }

  @AfterEach
  void close() {
    chunker.close();
    breaker.close();
    admin.close();
  }

  @Test
  void shouldMendAllThatTheLogStillHolds() throws Exception {
    List<Ingested> all = new ArrayList<>();
    for (int i = 1; i < 8; i++) {
      all.add(system().ingest("file:///" + i, system().chunks(i)));
    }
    Map<String, byte[]> before = awaitStored();
    system().flip(all.get(3).chunkKey(1));
    system().store().delete(all.get(4).chunkKey(0));
    system().flip(all.get(5).blobKey());
    system().store().delete(all.get(6).blobKey());
    system().store().delete(all.get(6).chunkKey(2));

    Map<String, Result> outcomes = verifyAndRepair();
    assertThat(outcomes).hasSize(5).containsEntry(all.get(5).blobKey(), Result.MENDED);
    assertThat(outcomes.values()).containsOnly(Result.MENDED);
    Map<String, byte[]> now = system().objects();
    assertThat(now.keySet()).isEqualTo(before.keySet());
    before.forEach((key, bytes) -> assertThat(now.get(key)).as(key).isEqualTo(bytes));
    assertThat(verifyAndRepair()).isEmpty();
  }

  @Test
  void shouldHaveForgottenWhatTheLogDoesNotHoldSoThatTheNextUploadHealsIt() throws Exception {
    List<byte[]> chunks = system().chunks(3);
    Ingested blob = system().ingest("file:///a", chunks);
    Map<String, byte[]> before = awaitStored();
    trim();
    system().store().delete(blob.chunkKey(1));
    system().store().delete(blob.blobKey());

    assertThat(verifyAndRepair())
        .isEqualTo(Map.of(blob.chunkKey(1), Result.FORGOTTEN, blob.blobKey(), Result.LEFT));

    Ingested unused = system().send("file:///b", List.of(chunks.get(1)));
    await().atMost(PATIENCE).until(() -> system().store().stat(blob.chunkKey(1)).isPresent());
    assertThat(verifyAndRepair()).isEqualTo(Map.of(blob.blobKey(), Result.MENDED));
    assertThat(system().read(blob.blobKey())).isEqualTo(before.get(blob.blobKey()));
  }

  @Test
  void shouldLeaveWhatWasDroppedAndWhatIsWhole() throws Exception {
    Ingested whole = system().ingest("file:///whole", system().chunks(2));
    Ingested dropped = system().ingest("file:///dropped", system().chunks(2));
    awaitStored();
    try (TopicScan<?, ?> scan =
        TopicScan.open(system().config(), system().config().topics().uploadStatus())) {
      system().drop(dropped.blob(), scan.ends());
    }
    system().store().delete(dropped.blobKey());
    assertThat(
            repair(
                List.of(
                    new BucketObject.Chunk(whole.list().get(0).digest()),
                    new BucketObject.Blob(dropped.blob()),
                    new BucketObject.Identity())))
        .isEqualTo(
            Map.of(
                whole.chunkKey(0),
                Result.WAS_WHOLE,
                dropped.blobKey(),
                Result.LEFT,
                BucketLayout.IDENTITY_KEY,
                Result.LEFT));
  }

  /** Waits until the chunker has stored all that was sent, and gives what is in the store. */
  private Map<String, byte[]> awaitStored() throws Exception {
    group.awaitCommitted(ends(), PATIENCE, left -> {});
    return system().objects();
  }

  private Map<Integer, Long> ends() {
    try (TopicScan<?, ?> scan =
        TopicScan.open(system().config(), system().config().topics().chunks())) {
      return scan.ends();
    }
  }

  private void trim() throws Exception {
    Map<TopicPartition, RecordsToDelete> ends = new HashMap<>();
    ends()
        .forEach(
            (partition, end) ->
                ends.put(
                    new TopicPartition(system().config().topics().chunks().name(), partition),
                    RecordsToDelete.beforeOffset(end)));
    admin.deleteRecords(ends).all().get();
  }

  private Map<String, Result> verifyAndRepair() throws Exception {
    List<BucketObject> found = new ArrayList<>();
    try (StoreLog log = system().log();
        Verification verification =
            Verification.open(
                system().store(),
                system().storeId(),
                Optional.of(log),
                VerifyOptions.ALL,
                new Verification.Directories(
                    directory().resolve("scratch"), directory().resolve("state")),
                new AuditProgress())) {
      verification.run();
      verification.findings().visit(finding -> found.add(finding.object()));
    }
    return repair(found);
  }

  private Map<String, Result> repair(List<BucketObject> found) throws Exception {
    Map<String, Result> outcomes = new TreeMap<>();
    try (StoreLog log = system().log();
        ChunkOrders orders = ChunkOrders.open(system().config(), system().storeId());
        Repair repair =
            Repair.open(
                system().config(),
                system().store(),
                log,
                new OrderedWork(orders, group, PATIENCE),
                directory().resolve("scratch"),
                new AuditProgress())) {
      for (BucketObject object : found) {
        repair.take(object);
      }
      repair.run().visit(outcome -> outcomes.put(outcome.object().key(), outcome.result()));
    }
    return outcomes;
  }
}
