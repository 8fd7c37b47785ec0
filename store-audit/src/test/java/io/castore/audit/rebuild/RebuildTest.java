package io.castore.audit.rebuild;

import static org.assertj.core.api.Assertions.assertThat;

import io.castore.audit.AuditProgress;
import io.castore.audit.AuditedSystem.Ingested;
import io.castore.audit.AuditedSystemTest;
import io.castore.audit.log.StoreLog;
import io.castore.audit.verify.Finding;
import io.castore.content.digest.Digest;
import io.castore.content.layout.BucketLayout;
import io.castore.content.layout.StoreIdentity;
import io.castore.content.objectstore.MemoryObjectStore;
import io.castore.content.objectstore.ObjectStore;
import io.castore.pipeline.log.TopicScan;
import io.castore.proto.pipeline.ChunkRecord;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

final class RebuildTest extends AuditedSystemTest {
  @Test
  void shouldGiveBackEveryObjectOfAStoreThatWasDeleted() throws Exception {
    ingestSome();
    Map<String, byte[]> before = system().objects();
    for (String key : before.keySet()) {
      system().store().delete(key);
    }

    RebuildSummary summary = rebuild(system().store(), Optional.empty());
    assertThat(summary.isWhole()).isTrue();
    assertThat(summary.wroteIdentity()).isTrue();
    assertSame(before, system().objects());
    assertThat(StoreIdentity.find(system().store()).orElseThrow().id())
        .isEqualTo(system().storeId());
    assertThat(forgotten()).isEmpty();
  }

  @Test
  void shouldMendAStoreThatIsDamagedAndLeaveTheRestAlone() throws Exception {
    List<Ingested> all = ingestSome();
    Map<String, byte[]> before = system().objects();
    system().flip(all.get(3).chunkKey(0));
    system().store().delete(all.get(4).chunkKey(1));
    system().flip(all.get(5).blobKey());
    system().store().delete(all.get(2).blobKey());

    RebuildSummary summary = rebuild(system().store(), Optional.empty());
    assertThat(summary.isWhole()).isTrue();
    assertThat(summary.chunksWritten()).isEqualTo(2);
    assertThat(summary.blobsWritten()).isEqualTo(2);
    assertThat(summary.wroteIdentity()).isFalse();
    assertSame(before, system().objects());
  }

  @Test
  void shouldNameWhatItCannotRebuildWhenPayloadsWereTrimmed() throws Exception {
    Ingested old = system().ingest("file:///old", system().chunks(3));
    Ingested single = system().ingest("file:///single", system().chunks(1));
    trim();
    Ingested kept = system().ingest("file:///kept", system().chunks(3));
    for (String key : system().objects().keySet()) {
      system().store().delete(key);
    }

    List<Finding> lost = new ArrayList<>();
    RebuildSummary summary = rebuild(system().store(), Optional.empty(), lost);
    assertThat(summary.blobsLost()).isEqualTo(2);
    assertThat(summary.chunksLost()).isEqualTo(4);
    assertThat(summary.chunksForgotten()).isEqualTo(4);
    assertThat(forgotten())
        .isEqualTo(
            Stream.of(old, single)
                .flatMap(blob -> blob.list().stream())
                .map(chunk -> chunk.digest().toHex())
                .collect(Collectors.toSet()));
    assertThat(lost)
        .filteredOn(finding -> finding.object().key().equals(old.blobKey()))
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.reason()).contains("3 of its 3 chunks");
              assertThat(finding.hits().get(0).sources()).containsExactly("file:///old");
            });
    assertThat(lost).extracting(finding -> finding.object().key()).contains(single.blobKey());
    Set<String> whole = new TreeSet<>(Set.of(kept.blobKey(), BucketLayout.IDENTITY_KEY));
    kept.list().stream().forEach(chunk -> whole.add(BucketLayout.chunkKey(chunk.digest())));
    assertThat(system().objects().keySet()).isEqualTo(whole);
  }

  @Test
  void shouldGiveTheStoreAsItWasAtATime() throws Exception {
    Ingested early = system().ingest("file:///early", system().chunks(3));
    Instant at = system().now();
    system().send(system().config().topics().stateOwners(), "unused", "unused");
    system().ingest("file:///late", system().chunks(3));

    MemoryObjectStore copy = new MemoryObjectStore();
    RebuildSummary summary = rebuild(copy, Optional.of(at));
    assertThat(summary.isWhole()).isTrue();
    assertThat(summary.wroteIdentity()).isFalse();
    Set<String> keys = new TreeSet<>();
    copy.list("", object -> keys.add(object.key()));
    assertThat(keys).hasSize(4).contains(early.blobKey());
    assertThat(forgotten()).isEmpty();
  }

  @Test
  void shouldShareTheWorkAmongProcesses() throws Exception {
    ingestSome();
    Map<String, byte[]> before = system().objects();
    for (String key : before.keySet()) {
      system().store().delete(key);
    }
    List<CompletableFuture<RebuildSummary>> processes = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      processes.add(
          CompletableFuture.supplyAsync(
              () -> {
                try {
                  return rebuild(system().store(), Optional.empty());
                } catch (IOException failed) {
                  throw new UncheckedIOException(failed);
                }
              }));
    }
    for (CompletableFuture<RebuildSummary> process : processes) {
      assertThat(process.get().isWhole()).isTrue();
    }
    assertSame(before, system().objects());
  }

  private List<Ingested> ingestSome() throws Exception {
    List<Ingested> all = new ArrayList<>();
    byte[] shared = system().chunk();
    for (int i = 0; i < 8; i++) {
      List<byte[]> chunks = system().chunks(i);
      if (i % 2 == 1) {
        chunks.add(shared);
      }
      all.add(system().ingest("file:///" + i, chunks));
    }
    return all;
  }

  private void trim() throws Exception {
    try (TopicScan<?, ?> scan =
            TopicScan.open(system().config(), system().config().topics().chunks());
        Admin admin = Admin.create(system().config().kafkaClient())) {
      Map<TopicPartition, RecordsToDelete> ends = new HashMap<>();
      scan.ends()
          .forEach(
              (partition, end) ->
                  ends.put(
                      new TopicPartition(system().config().topics().chunks().name(), partition),
                      RecordsToDelete.beforeOffset(end)));
      admin.deleteRecords(ends).all().get();
    }
  }

  private Set<String> forgotten() {
    Set<String> forgotten = new TreeSet<>();
    try (TopicScan<Digest, ChunkRecord> scan =
        TopicScan.open(system().config(), system().config().topics().chunks())) {
      scan.<RuntimeException>readAll(
          record -> {
            if (record.value().hasForget()) {
              forgotten.add(record.key().toHex());
            }
          });
    }
    return forgotten;
  }

  private RebuildSummary rebuild(ObjectStore store, Optional<Instant> at) throws IOException {
    return rebuild(store, at, new ArrayList<>());
  }

  private RebuildSummary rebuild(ObjectStore store, Optional<Instant> at, List<Finding> lost)
      throws IOException {
    try (StoreLog log =
            StoreLog.read(
                system().config(),
                system().storeId(),
                at,
                directory().resolve("scratch"),
                new AuditProgress());
        Rebuild rebuild =
            Rebuild.open(
                system().config(),
                new Rebuild.Target(store, system().storeId(), at),
                log,
                directory().resolve("scratch"),
                new AuditProgress())) {
      RebuildSummary summary = rebuild.run();
      rebuild.lost().visit(lost::add);
      return summary;
    }
  }

  /** The identity's object tells when it was made. */
  private static void assertSame(Map<String, byte[]> before, Map<String, byte[]> now) {
    assertThat(now.keySet()).isEqualTo(before.keySet());
    before.forEach(
        (key, bytes) -> {
          if (!key.equals(BucketLayout.IDENTITY_KEY)) {
            assertThat(now.get(key)).as(key).isEqualTo(bytes);
          }
        });
  }
}
