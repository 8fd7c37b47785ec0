package io.castore.chunker;

import static org.assertj.core.api.Assertions.assertThat;

import io.castore.content.codec.ChunkCodec;
import io.castore.content.digest.Blake3;
import io.castore.content.digest.Digest;
import io.castore.content.layout.BucketLayout;
import io.castore.pipeline.records.UploadId;
import io.castore.pipeline.telemetry.Tracing;
import io.castore.proto.pipeline.ChunkReceipt;
import io.castore.proto.pipeline.ChunkRecord;
import io.castore.proto.pipeline.ChunkRecord.Collect.Kind;
import io.castore.proto.state.ClaimedBlob;
import io.castore.proto.state.RecordPosition;
import io.castore.proto.state.StoredChunk;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * One partition of chunks and the task that reads it, put together as in the topology, but without
 * Kafka: so that it can be made to crash between any two records, with any part of what it wrote
 * since the last commit kept or lost. Receipts count as soon as they are given, and an indexer
 * writes a blob's object as soon as it is claimed: that is the worst that can happen.
 *
 * <p>After each record it checks that every chunk and every blob is readable of which somebody was
 * told so for a record after the last mark that collects of it name.
 */
final class SimulatedPartition {
  private static final UploadId UPLOAD = UploadId.random();

  private record Entry(Digest digest, ChunkRecord record) {}

  private final FallibleWriter store = new FallibleWriter();
  private final MapStore<StoredChunk> entries = new MapStore<>();
  private final MapStore<ClaimedBlob> claims = new MapStore<>();
  private final List<Entry> log = new ArrayList<>();
  private final Map<Digest, Chunk> chunks = new HashMap<>();
  private final Map<String, Long> promised = new HashMap<>();
  private final Map<String, Long> collectable = new HashMap<>();
  private long lastMark = -1;
  private int committed;
  private int next;
  private Task task = new Task();

  /** What one life of the task has in memory. */
  private final class Task {
    private final TaskMark mark = new TaskMark();
    private final ChunkEntries known = new ChunkEntries(entries);
    private final RecentCollects collects =
        new RecentCollects(() -> committed, SimulatedPartition.this::flush);
    private final PutWindow puts;
    private final DeleteWindow deletes;
    private final ChunkIntake intake;
    private final Orders orders;
    private long at;

    Task() {
      StoreTarget target =
          new StoreTarget(
              ChunkerDriver.STORE_ID,
              Chunk.CODEC,
              new PutPool(store, 1, 1 << 20),
              Duration.ofMinutes(1),
              Duration.ofMinutes(1),
              new ChunkerMeters(new SimpleMeterRegistry(), "dead-letters"),
              Tracing.OFF);
      puts =
          new PutWindow(
              target.puts(),
              target.timeout(),
              target.storeId(),
              new PutWindow.Settlement() {
                @Override
                public void remember(Digest digest, StoredChunk chunk, Duration took) {
                  known.remember(digest, chunk, 0);
                  collects.makeDurable(digest);
                }

                @Override
                public void answer(PendingReceipt receipt) {
                  promise(receipt.receipt(), at);
                }
              });
      deletes =
          new DeleteWindow(
              target,
              new DeleteWindow.Settlement() {
                @Override
                public void deleted(String key) {}

                @Override
                public void left(String key, Throwable why) {
                  throw new AssertionError(key, why);
                }
              });
      KeyPartition one = new KeyPartition(1);
      ChunkJudge judge = new ChunkJudge(target.codec());
      Receipts receipts = new Receipts(target.storeId());
      BlobClaims blobs = new BlobClaims(claims);
      ClaimOrder claim =
          new ClaimOrder(blobs, deletes, collects, receipts, r -> promise(r.receipt(), at));
      intake =
          new ChunkIntake(
              one,
              judge,
              mark,
              known,
              puts,
              deletes,
              claim,
              receipts,
              r -> promise(r.receipt(), at));
      orders =
          new Orders(
              target.storeId(),
              one,
              claim,
              new CollectOrder(known, blobs, puts, deletes, collects, System::nanoTime, () -> {}),
              new ForgetOrder(known, puts),
              new RestoreOrder(judge, known, puts, deletes));
    }

    void process(Entry entry, long offset) {
      at = offset;
      mark.pass(offset);
      RecordPosition position = RecordPosition.newBuilder().setOffset(offset).build();
      if (entry.record().hasMark()) {
        mark.set(offset);
      } else if (entry.record().getUploadId().isEmpty() || entry.record().hasClaim()) {
        assertThat(orders.carryOut(new ReceivedOrder(entry.digest(), entry.record(), position, 0)))
            .isEmpty();
      } else {
        assertThat(
                intake.take(new ReceivedChunk(entry.digest(), UPLOAD, entry.record(), 0), position))
            .isEmpty();
      }
      puts.settle();
      deletes.settle();
    }
  }

  void payload(Chunk chunk) {
    append(chunk, chunk.compressed(UPLOAD, 0));
  }

  void reference(Chunk chunk) {
    append(chunk, chunk.reference(UPLOAD, 0));
  }

  /** The only chunk of its upload, with bytes or without. */
  void whole(Chunk chunk) {
    ChunkRecord record =
        log.size() % 2 == 0 ? chunk.compressed(UPLOAD, 0) : chunk.reference(UPLOAD, 0);
    append(chunk, record.toBuilder().setClaimsBlob(true).build());
  }

  void restore(Chunk chunk) {
    append(chunk, OrderRecords.restore(chunk, ChunkerDriver.STORE_ID));
  }

  void claim(Chunk blob) {
    append(blob, OrderRecords.claim(UPLOAD));
  }

  void mark() {
    log.add(new Entry(Digest.EMPTY, OrderRecords.mark()));
    processAll();
    commit();
    lastMark = log.size() - 1L;
  }

  /** Orders a collect by the last mark, past which the task has committed. */
  void collect(Chunk chunk, Kind kind) {
    if (lastMark >= 0) {
      collectable.merge(key(chunk, kind), lastMark, Math::max);
      append(chunk, OrderRecords.collect(kind, lastMark));
    }
  }

  /** Damages an object, and says so. What was promised of it before is not the task's to keep. */
  void damage(Chunk chunk) {
    String key = chunk.key();
    if (store.holds(key)) {
      try {
        store.adopt(key, new byte[] {1});
      } catch (IOException impossible) {
        throw new UncheckedIOException(impossible);
      }
      promised.remove(key);
      collectable.merge(key, (long) log.size(), Math::max);
      append(chunk, OrderRecords.forget(ChunkerDriver.STORE_ID));
    }
  }

  void commit() {
    flush();
    committed = next;
  }

  /** Kills the task, and starts it again where it has committed last. */
  void crash(int changesKept) {
    entries.crash(changesKept);
    claims.crash(changesKept);
    next = committed;
    task = new Task();
    check();
  }

  private void flush() {
    entries.makeDurable();
    claims.makeDurable();
  }

  private void append(Chunk chunk, ChunkRecord record) {
    chunks.put(chunk.digest(), chunk);
    log.add(new Entry(chunk.digest(), record));
  }

  /** Takes the next records, as many as there are of so many. */
  void process(int count) {
    for (int i = 0; i < count && next < log.size(); i++) {
      int offset = next++;
      task.process(log.get(offset), offset);
      check();
    }
  }

  void processAll() {
    process(log.size());
  }

  private void promise(ChunkReceipt receipt, long offset) {
    Digest digest = Digest.of(receipt.getDigest().toByteArray());
    switch (receipt.getResult()) {
      case STORED, DEDUPLICATED -> promised.merge(BucketLayout.chunkKey(digest), offset, Math::max);
      case CLAIMED -> publish(digest, offset);
      default -> {}
    }
    if (receipt.getClaimed()) {
      publish(digest, offset);
    }
  }

  private void publish(Digest blob, long offset) {
    String key = BucketLayout.blobKey(blob);
    promised.merge(key, offset, Math::max);
    try {
      store.adopt(key, new byte[0]);
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
  }

  private void check() {
    promised.forEach(
        (key, offset) -> {
          if (offset >= collectable.getOrDefault(key, -1L)) {
            assertThat(store.holds(key)).as("%s, promised at %d", key, offset).isTrue();
            if (key.startsWith(BucketLayout.CHUNK_PREFIX)) {
              checkBytes(key);
            }
          }
        });
  }

  private void checkBytes(String key) {
    Chunk chunk =
        chunks.values().stream().filter(one -> one.key().equals(key)).findFirst().orElseThrow();
    try {
      byte[] raw = ChunkCodec.decompress(store.object(key), chunk.raw().length);
      assertThat(Blake3.hash(raw)).isEqualTo(chunk.digest());
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  boolean holds(Chunk chunk, Kind kind) {
    return store.holds(key(chunk, kind));
  }

  private static String key(Chunk chunk, Kind kind) {
    return kind == Kind.BLOB ? BucketLayout.blobKey(chunk.digest()) : chunk.key();
  }
}
