package io.castore.index;

import io.castore.pipeline.records.UploadId;
import io.castore.proto.pipeline.ChunkReceipt;
import io.castore.proto.pipeline.UploadEvent;
import io.castore.proto.state.RecordPosition;
import io.castore.proto.state.UploadHeader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.function.LongSupplier;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * What is done for the uploads of one partition: gathers what is said of them, publishes those that
 * are whole, and looks after those of which nothing is said.
 *
 * <p>Not thread-safe. Calls throw {@link UncheckedIOException} where the store gave no answer; the
 * task has to be made anew then, from what its stores hold, and loses nothing by it.
 */
final class IndexTask implements AutoCloseable {
  /** Rows that are read before records get their turn. */
  private static final int ROWS_AT_A_TIME = 50_000;

  private final Tallies tallies;
  private final UploadLedger ledger;
  private final UploadGatherer gatherer;
  private final BriefUploads brief;
  private final Publications publications;
  private final ChunkAsker asker;
  private final LostChunkSearch search;
  private final UploadWatch watch;

  /**
   * Takes up what the stores hold.
   *
   * @param spoolDirectory where long lists are kept until they are written
   * @param clock gives milliseconds since 1970
   */
  IndexTask(
      Stores stores, IndexPorts ports, Outlet outlet, Path spoolDirectory, LongSupplier clock) {
    ChunkRows rows = new ChunkRows(stores.uploadChunks());
    Deadlines deadlines = new Deadlines(stores.deadlines());
    tallies = new Tallies(rows, ports.meters());
    ledger =
        new UploadLedger(
            stores.uploads(), tallies, deadlines, outlet, ports.meters(), ports.expiry(), clock);
    publications =
        new Publications(
            ledger, rows, deadlines, ports.publisher(), ports.workers(), spoolDirectory, clock);
    BlobClaims claims = new BlobClaims(deadlines, outlet, clock);
    Completion completion = new Completion(ledger, rows, claims, publications);
    asker = new ChunkAsker(rows, deadlines, outlet, clock);
    gatherer = new UploadGatherer(ledger, rows, completion, asker, claims, ports.storeId());
    brief = new BriefUploads(ledger, gatherer, publications, ports.storeId());
    search =
        new LostChunkSearch(
            ledger,
            rows,
            ports.chunkReplay(),
            ports.workers(),
            outlet,
            ports.expiry().dividedBy(4),
            clock);
    watch =
        new UploadWatch(
            ledger,
            new RowClearing(rows),
            deadlines,
            publications,
            completion,
            asker,
            claims,
            search,
            ports.storedOffsets(),
            ports.expiry(),
            clock);
  }

  /** The state stores of a task. */
  record Stores(
      KeyValueStore<UploadId, UploadHeader> uploads,
      KeyValueStore<Bytes, byte[]> uploadChunks,
      KeyValueStore<Bytes, byte[]> deadlines) {}

  /**
   * Takes what the producer says of its upload.
   *
   * @throws UnusableRecordException if the record is at fault
   */
  void take(UploadId id, UploadEvent event, RecordPosition at) throws UnusableRecordException {
    watch.catchUp();
    if (!brief.take(id, event, at)) {
      gatherer.take(id, event, at);
    }
    publications.advance();
    ledger.introduce();
  }

  /**
   * Takes what became of a chunk, or an answer to a claim.
   *
   * @throws UnusableRecordException if the record is at fault
   */
  void take(UploadId id, ChunkReceipt receipt, RecordPosition at) throws UnusableRecordException {
    watch.catchUp();
    if (!brief.take(id, receipt, at)) {
      gatherer.take(id, receipt, at);
    }
    publications.advance();
    ledger.introduce();
  }

  /** Goes on with what is under way. To be called often; costs next to nothing when idle. */
  void tick() {
    watch.catchUp();
    watch.tick();
    search.advance();
    publications.advance(ROWS_AT_A_TIME);
    ledger.tellEnds();
  }

  /** Writes and tells what has to be there before what was taken may be committed. */
  void beforeCommit() {
    publications.advance();
    brief.write();
    ledger.tellEnds();
  }

  /** Tells how far uploads have come, and asks for what is wanted of them. */
  void report() {
    ledger.report();
    asker.flush();
  }

  @Override
  public void close() {
    tallies.close();
    search.close();
    try {
      publications.close();
    } catch (IOException unread) {
      throw new UncheckedIOException(unread);
    }
  }
}
