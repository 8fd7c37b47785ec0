package io.castore.index;

import com.google.protobuf.ByteString;
import io.castore.content.chunking.ChunkSizes;
import io.castore.content.digest.Blake3;
import io.castore.content.digest.Digest;
import io.castore.content.layout.BlobIndex;
import io.castore.content.layout.ChunkRef;
import io.castore.content.objectstore.MemoryObjectStore;
import io.castore.content.objectstore.ObjectBody;
import io.castore.content.objectstore.ObjectInfo;
import io.castore.content.objectstore.ObjectStore;
import io.castore.pipeline.records.RecordSerdes;
import io.castore.pipeline.records.UploadId;
import io.castore.pipeline.records.UploadStates;
import io.castore.pipeline.telemetry.Tracing;
import io.castore.proto.pipeline.ChunkReceipt;
import io.castore.proto.pipeline.ChunkRequest;
import io.castore.proto.pipeline.UploadStatus;
import io.castore.proto.state.RecordPosition;
import io.castore.proto.state.UploadHeader;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.TaskId;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;

/**
 * One upload of a great many chunks, from its first receipt until its last row is deleted, on the
 * state stores that are used in earnest. What is said of it is made up.
 */
final class HugeUpload {
  private static final int CHUNK_BYTES = 262_144;
  private static final Duration PATIENCE = Duration.ofMinutes(10);

  private final long count;
  private final UploadId id = UploadId.random();
  private final Digest blob = Blake3.hash(new byte[] {42});
  private final CountingStore store = new CountingStore();
  private final AtomicLong nowMs = new AtomicLong(1_800_000_000_000L);
  private final IndexTask.Stores stores;
  private final Path directory;
  private IndexTask task;
  private Optional<UploadStatus> told = Optional.empty();
  private long longestTickNanos;

  /**
   * Prepares an upload.
   *
   * @param directory where the state stores are
   */
  HugeUpload(long count, Path directory) {
    this.count = count;
    this.directory = directory;
    MockProcessorContext<Object, Object> context =
        new MockProcessorContext<>(settings(directory), new TaskId(0, 0), directory.toFile());
    stores =
        new IndexTask.Stores(
            open(
                context,
                IndexTopology.UPLOADS,
                RecordSerdes.uploadId(),
                RecordSerdes.message(UploadHeader.parser())),
            open(context, IndexTopology.UPLOAD_CHUNKS, Serdes.Bytes(), Serdes.ByteArray()),
            open(context, IndexTopology.DEADLINES, Serdes.Bytes(), Serdes.ByteArray()));
    task = start();
  }

  /**
   * What was seen.
   *
   * @param end the final status
   * @param listed how many chunks the blob's object lists, all in order
   * @param listBytes length of that object
   * @param ticks how many slices publishing took
   * @param longestTickMs how long the stream thread was held at most
   * @param restartMs how long it took to count the rows after a restart
   * @param isCleared whether no row was left at last
   */
  record Report(
      UploadStatus end,
      long listed,
      long listBytes,
      int ticks,
      long longestTickMs,
      long restartMs,
      boolean isCleared) {}

  private static Properties settings(Path directory) {
    Properties settings = new Properties();
    settings.put("application.id", "indexer");
    settings.put("bootstrap.servers", "none:1");
    settings.put("state.dir", directory.toString());
    return settings;
  }

  private static <K, V> KeyValueStore<K, V> open(
      MockProcessorContext<Object, Object> context, String name, Serde<K> keys, Serde<V> values) {
    KeyValueStore<K, V> opened =
        Stores.keyValueStoreBuilder(Stores.persistentKeyValueStore(name), keys, values)
            .withLoggingDisabled()
            .build();
    opened.init(context.getStateStoreContext(), opened);
    return opened;
  }

  private IndexTask start() {
    return new IndexTask(
        stores,
        new IndexPorts(
            new BlobPublisher(store, false),
            Upload.STORE_ID,
            Duration.ofHours(24),
            StoreWorkers.onThreads(),
            Optional::empty,
            (upload, ranges) -> {
              throw new AssertionError("nothing is read again");
            },
            new UploadMeters(new SimpleMeterRegistry(), "dead-letters"),
            Tracing.OFF),
        new Outlet() {
          @Override
          public void tell(UploadId upload, UploadStatus status) {
            told = Optional.of(status).filter(end -> UploadStates.isFinal(end.getState()));
          }

          @Override
          public void flush() {
            // Nothing is sent.
          }

          @Override
          public void claim(UploadId upload, Digest claimed) {
            // Answered when the upload is sealed.
          }

          @Override
          public void refer(UploadId upload, long seq, Digest digest, int rawSize) {
            throw new AssertionError("nothing is missing");
          }

          @Override
          public void ask(UploadId upload, ChunkRequest request) {
            throw new AssertionError("nothing is missing");
          }
        },
        directory,
        nowMs::get);
  }

  /** Runs it from its first receipt to its last row. */
  Report run() throws UnusableRecordException {
    for (long seq = 0; seq < count; seq++) {
      task.take(id, receipt(seq), at(seq));
    }
    task.take(id, Upload.sealed(blob, count * CHUNK_BYTES, count), at(count));
    task.take(id, Upload.claimed(blob), at(count + 1));
    task.close();

    long restarted = System.nanoTime();
    task = start();
    task.tick();
    long restartMs = Duration.ofNanos(System.nanoTime() - restarted).toMillis();
    int ticks = tickUntilTold();
    UploadStatus end = told.orElseThrow();

    nowMs.addAndGet(UploadLedger.ROWS_STAY.toMillis() + 1);
    do {
      tick();
    } while (!isNothingDue());
    boolean isCleared = isCleared();
    task.close();
    close(stores);
    return new Report(
        end,
        store.listed,
        store.bytes,
        ticks,
        Duration.ofNanos(longestTickNanos).toMillis(),
        restartMs,
        isCleared);
  }

  private static void close(IndexTask.Stores stores) {
    stores.uploads().close();
    stores.uploadChunks().close();
    stores.deadlines().close();
  }

  private int tickUntilTold() {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    int ticks = 0;
    while (told.isEmpty()) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("not published in " + PATIENCE);
      }
      tick();
      ticks++;
      LockSupport.parkNanos(Duration.ofMillis(1).toNanos());
    }
    return ticks;
  }

  private void tick() {
    long start = System.nanoTime();
    task.tick();
    longestTickNanos = Math.max(longestTickNanos, System.nanoTime() - start);
  }

  private boolean isNothingDue() {
    try (KeyValueIterator<Bytes, byte[]> left = stores.deadlines().all()) {
      while (left.hasNext()) {
        if (ByteBuffer.wrap(left.next().key.get()).getLong() <= nowMs.get()) {
          return false;
        }
      }
    }
    return true;
  }

  private boolean isCleared() {
    try (KeyValueIterator<Bytes, byte[]> rows = stores.uploadChunks().all()) {
      return !rows.hasNext();
    }
  }

  private static RecordPosition at(long offset) {
    return RecordPosition.newBuilder().setTopic("any").setOffset(offset).build();
  }

  private static ChunkReceipt receipt(long seq) {
    return ChunkReceipt.newBuilder()
        .setSeq(seq)
        .setDigest(ByteString.copyFrom(digest(seq).toBytes()))
        .setRawSize(CHUNK_BYTES)
        .setResult(ChunkReceipt.Result.STORED)
        .setStoreId(Upload.STORE_ID)
        .build();
  }

  private static Digest digest(long seq) {
    return Digest.of(
        ByteBuffer.allocate(Digest.LENGTH).putLong(seq * 0x9e3779b97f4a7c15L).putLong(seq).array());
  }

  /** Reads what is written, and keeps nothing. */
  private final class CountingStore implements ObjectStore {
    private final MemoryObjectStore none = new MemoryObjectStore();
    private long listed;
    private long bytes;

    @Override
    public boolean putIfAbsent(String key, ObjectBody body) throws IOException {
      try (InputStream in = body.open()) {
        BlobIndex.visit(
            blob,
            in,
            ChunkSizes.LARGEST_LEGAL_CHUNK,
            chunk -> {
              if (!chunk.equals(new ChunkRef(digest(listed), CHUNK_BYTES))) {
                throw new AssertionError("chunk " + listed + " is another one");
              }
              listed++;
            });
      }
      bytes = body.size();
      return true;
    }

    @Override
    public void put(String key, ObjectBody body) {
      throw new AssertionError("nothing is replaced");
    }

    @Override
    public String url() {
      return none.url();
    }

    @Override
    public void probe() {}

    @Override
    public Optional<InputStream> open(String key) {
      return none.open(key);
    }

    @Override
    public Optional<ObjectInfo> stat(String key) {
      return none.stat(key);
    }

    @Override
    public void delete(String key) {
      throw new AssertionError("nothing is removed");
    }

    @Override
    public void list(String keyPrefix, Visitor visitor) throws IOException {
      none.list(keyPrefix, visitor);
    }

    @Override
    public void close() {
      none.close();
    }
  }

  /**
   * Runs an upload of as many chunks as the first argument says, in the directory that the second
   * one names, and prints what was seen.
   */
  public static void main(String[] args) throws UnusableRecordException {
    long started = System.nanoTime();
    Report report = new HugeUpload(Long.parseLong(args[0]), Path.of(args[1])).run();
    long heapMiB =
        ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> pool.getType() == MemoryType.HEAP)
                .map(MemoryPoolMXBean::getPeakUsage)
                .mapToLong(MemoryUsage::getUsed)
                .sum()
            >> 20;
    System.out.printf(
        "%s with %d chunks listed in %d bytes, cleared: %s; %d s in all, %d slices, %d ms the"
            + " longest, %d ms to count after a restart; at most %d MiB of heap%n",
        report.end().getState(),
        report.listed(),
        report.listBytes(),
        report.isCleared(),
        Duration.ofNanos(System.nanoTime() - started).toSeconds(),
        report.ticks(),
        report.longestTickMs(),
        report.restartMs(),
        heapMiB);
  }
}
