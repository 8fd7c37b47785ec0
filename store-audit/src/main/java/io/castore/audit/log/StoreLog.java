package io.castore.audit.log;

import io.castore.audit.AuditProgress;
import io.castore.audit.table.Bytes;
import io.castore.audit.table.Table;
import io.castore.content.digest.Blake3;
import io.castore.content.digest.Digest;
import io.castore.content.layout.ChunkRef;
import io.castore.pipeline.config.CastoreConfig;
import io.castore.pipeline.records.UploadId;
import io.castore.pipeline.scratch.ScratchStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeSet;

/**
 * What the topics say that a store holds: the blobs of all COMPLETE uploads that count, and their
 * chunks. Kept on disk.
 *
 * <p>Safe for use by many threads, but for {@link #close}, which must come after all else.
 */
public final class StoreLog implements AutoCloseable {
  private final ScratchStore scratch;
  private final Table blobs;
  private final Table lists;
  private final Table expectedChunks;
  private final Table everStored;
  private final Table sources;
  private final ChunkRows rows;

  private StoreLog(ScratchStore scratch) {
    this.scratch = scratch;
    blobs = new Table(scratch, 'B');
    lists = new Table(scratch, 'L');
    expectedChunks = new Table(scratch, 'E');
    everStored = new Table(scratch, 'K');
    sources = new Table(scratch, 'N');
    rows = new ChunkRows(new Table(scratch, 'R'));
  }

  /**
   * Reads the topics up to their present ends.
   *
   * @param storeId identity of the store that is meant
   * @param at what was complete by then counts, where it is given
   * @param scratch directory for what is too much for memory
   * @throws org.apache.kafka.common.KafkaException if Kafka cannot be reached
   * @throws IOException if the directory cannot be used
   */
  public static StoreLog read(
      CastoreConfig config,
      String storeId,
      Optional<Instant> at,
      Path scratch,
      AuditProgress progress)
      throws IOException {
    StoreLog log = new StoreLog(ScratchStore.open(scratch));
    try {
      new StoreLogReader(config, storeId, at, progress, log.scratch, log).read();
      return log;
    } catch (IOException | RuntimeException failed) {
      log.close();
      throw failed;
    }
  }

  /** Takes blobs. */
  @FunctionalInterface
  public interface BlobVisitor<E extends Exception> {
    /** Takes the next blob; an exception ends the visit and reaches its caller. */
    void visit(ExpectedBlob blob) throws E;
  }

  /** Takes chunks. */
  @FunctionalInterface
  public interface ChunkVisitor<E extends Exception> {
    /** Takes the next chunk; an exception ends the visit and reaches its caller. */
    void visit(ChunkRef chunk) throws E;
  }

  /**
   * What made a blob.
   *
   * @param count how many different names of sources there are
   * @param first the first of them
   */
  public record Sources(long count, List<String> first) {}

  /** Gives what is known of a blob, also of one that was dropped. */
  public Optional<ExpectedBlob> blob(Digest digest) throws IOException {
    return blobs.get(digest.toBytes()).map(bytes -> ExpectedBlob.of(digest, bytes));
  }

  /** Visits the blobs that have to be in the store, in the order of their digests. */
  public <E extends Exception> void visitBlobs(BlobVisitor<E> visitor) throws E, IOException {
    blobs.<E>visitAll(
        (key, value) -> {
          ExpectedBlob blob = ExpectedBlob.of(Digest.of(key), value);
          if (blob.isLive()) {
            visitor.visit(blob);
          }
        });
  }

  /** Visits a blob's chunks in the order of its content, as far as the log knows them. */
  public <E extends Exception> void visitChunks(ExpectedBlob blob, ChunkVisitor<E> visitor)
      throws E, IOException {
    rows.<E>visit(blob.upload(), (seq, chunk) -> visitor.visit(chunk));
  }

  /** Gives a blob's chunk by its place, from 0. */
  public Optional<ChunkRef> chunk(ExpectedBlob blob, long place) throws IOException {
    return rows.get(blob.upload(), place);
  }

  /** Whether any upload of a blob, dropped or not, had that list of chunks. */
  public boolean knowsList(Digest blob, Digest listDigest) throws IOException {
    return lists.contains(Bytes.join(blob.toBytes(), listDigest.toBytes()));
  }

  /** Visits the chunks that have to be in the store, in the order of their digests. */
  public <E extends Exception> void visitExpectedChunks(ChunkVisitor<E> visitor)
      throws E, IOException {
    visit(expectedChunks, visitor);
  }

  /** Gives the raw size of a chunk that has to be in the store, in bytes. */
  public OptionalInt expectedChunkSize(Digest chunk) throws IOException {
    Optional<byte[]> size = expectedChunks.get(chunk.toBytes());
    return size.isPresent()
        ? OptionalInt.of(ByteBuffer.wrap(size.get()).getInt())
        : OptionalInt.empty();
  }

  /** Visits every chunk that the store was ever said to hold, in the order of their digests. */
  public <E extends Exception> void visitEverStored(ChunkVisitor<E> visitor) throws E, IOException {
    visit(everStored, visitor);
  }

  /** Whether the store was ever said to hold a chunk. */
  public boolean wasEverStored(Digest chunk) throws IOException {
    return everStored.contains(chunk.toBytes());
  }

  private static <E extends Exception> void visit(Table chunks, ChunkVisitor<E> visitor)
      throws E, IOException {
    chunks.<E>visitAll(
        (key, value) ->
            visitor.visit(new ChunkRef(Digest.of(key), ByteBuffer.wrap(value).getInt())));
  }

  /**
   * Names the sources that a blob was ingested from.
   *
   * @param most how many names are given
   */
  public Sources sources(Digest blob, int most) throws IOException {
    TreeSet<String> first = new TreeSet<>();
    long[] count = {0};
    sources.<IOException>visit(
        blob.toBytes(),
        (key, value) -> {
          count[0]++;
          if (first.size() < most) {
            first.add(new String(value, StandardCharsets.UTF_8));
          }
        });
    return new Sources(count[0], List.copyOf(first));
  }

  void putBlob(ExpectedBlob blob) throws IOException {
    Optional<ExpectedBlob> before = blob(blob.digest());
    ExpectedBlob now = before.isEmpty() ? blob : blob.with(before.get());
    blobs.put(blob.digest().toBytes(), now.toBytes());
  }

  void putList(Digest blob, Digest listDigest) throws IOException {
    lists.put(Bytes.join(blob.toBytes(), listDigest.toBytes()), new byte[0]);
  }

  void putExpectedChunk(ChunkRef chunk) throws IOException {
    expectedChunks.put(chunk.digest().toBytes(), Bytes.of((int) chunk.size()));
  }

  void putRow(UploadId upload, long seq, Digest chunk, int size) throws IOException {
    everStored.put(chunk.toBytes(), Bytes.of(size));
    rows.put(upload, seq, chunk, size);
  }

  void putEverStored(Digest chunk, int size) throws IOException {
    everStored.put(chunk.toBytes(), Bytes.of(size));
  }

  void putSource(Digest blob, String name) throws IOException {
    byte[] text = name.getBytes(StandardCharsets.UTF_8);
    sources.put(Bytes.join(blob.toBytes(), Blake3.hash(text).toBytes()), text);
  }

  ChunkSummary summarize(UploadId upload) throws IOException {
    ListDigest list = new ListDigest();
    boolean[] contiguous = {true};
    Digest[] first = {Digest.EMPTY};
    rows.<IOException>visit(
        upload,
        (seq, chunk) -> {
          contiguous[0] &= seq == list.count();
          if (list.count() == 0) {
            first[0] = chunk.digest();
          }
          list.add(chunk);
        });
    long encodedLength = list.encodedLength();
    return new ChunkSummary(
        list.count(), list.size(), encodedLength, list.finish(), contiguous[0], first[0]);
  }

  @Override
  public void close() {
    scratch.close();
  }
}
