package io.castore.index;

import io.castore.index.Publication.WholeUpload;
import io.castore.index.PublishingLane.Result;
import io.castore.pipeline.records.UploadId;
import io.castore.proto.pipeline.UploadStatus.State;
import io.castore.proto.state.RecordPosition;
import io.castore.proto.state.UploadHeader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Has the blobs of whole uploads published, many at a time, without ever holding the stream thread
 * for long: rows are read in slices, objects are written by {@link StoreWorkers}, and the stream
 * thread takes up what came of it.
 *
 * <p>Nothing of this needs to outlive the process. That an upload is whole follows from its header
 * and its rows, and a deadline has the next process look at it.
 *
 * <p>Belongs to one task, and is not thread-safe.
 */
final class Publications implements AutoCloseable {
  /** How soon an upload is looked at should nothing come of its publication. */
  static final Duration PATIENCE = Duration.ofSeconds(30);

  /** More wait in the store {@code deadlines} alone. */
  private static final int MOST_IN_MEMORY = 10_000;

  private final UploadLedger ledger;
  private final BlobPublisher publisher;
  private final Deadlines deadlines;
  private final LongSupplier clock;
  private final Set<UploadId> known = new HashSet<>();
  private final Queue<Result> finished = new ConcurrentLinkedQueue<>();
  private final PublishingLane shortLists;
  private final PublishingLane longLists;

  /**
   * Publishes from the rows of a task.
   *
   * @param spoolDirectory where long lists are kept until they are written
   */
  Publications(
      UploadLedger ledger,
      ChunkRows rows,
      Deadlines deadlines,
      BlobPublisher publisher,
      StoreWorkers workers,
      Path spoolDirectory,
      LongSupplier clock) {
    this.ledger = ledger;
    this.publisher = publisher;
    this.deadlines = deadlines;
    this.clock = clock;
    this.shortLists =
        new PublishingLane(
            rows, ListSpool::inMemory, publisher, workers, workers.shortLists(), finished::add);
    this.longLists =
        new PublishingLane(
            rows,
            () -> ListSpool.inFile(spoolDirectory),
            publisher,
            workers,
            workers.longLists(),
            finished::add);
  }

  /** Whether an upload's blob is being published, or waits for it. */
  boolean hold(UploadId id) {
    return known.contains(id);
  }

  /**
   * Has an upload published that is whole, unless that is under way.
   *
   * @param at the record after which it was whole, null where that is not known
   */
  void begin(UploadId id, UploadHeader upload, @Nullable RecordPosition at) {
    if (known.contains(id)) {
      return;
    }
    // Stays until the upload's end has left a deadline of its own.
    lookAgain(id);
    if (haveRoom()) {
      known.add(id);
      WholeUpload whole = new WholeUpload(id, upload, at, null);
      (whole.count() <= StoreWorkers.SHORT_LIST ? shortLists : longLists).add(whole);
    }
  }

  /** Whether one more can be published now. */
  boolean haveRoom() {
    return known.size() < MOST_IN_MEMORY;
  }

  /**
   * Does the same with an upload of which nothing is in the stores.
   *
   * @param only its only chunk
   * @param at the record after which it was whole
   */
  void beginBrief(UploadId id, UploadHeader upload, ChunkRow only, RecordPosition at) {
    known.add(id);
    shortLists.add(new WholeUpload(id, upload, at, only.chunk()));
  }

  /** Has an upload looked at that is being published, should nothing come of it. */
  void lookAgain(UploadId id) {
    deadlines.add(clock.getAsLong() + PATIENCE.toMillis(), id);
  }

  /**
   * Goes on with short lists, and takes up what is done: little enough to do after each record.
   *
   * @throws UncheckedIOException if the store gave no answer. The task has to be started anew then;
   *     it finds what it had begun
   */
  void advance() {
    takeUp();
    shortLists.advance(StoreWorkers.SHORT_LIST);
    takeUp();
  }

  /**
   * Goes on with all lists. Throws what {@link #advance()} does.
   *
   * @param limit how many rows are read, twice at most
   */
  void advance(int limit) {
    takeUp();
    shortLists.advance(limit);
    longLists.advance(limit);
    takeUp();
  }

  private void takeUp() {
    for (Result next = finished.poll(); next != null; next = finished.poll()) {
      WholeUpload upload = next.upload();
      known.remove(upload.id());
      next.failure().ifPresent(Publications::raise);
      if (next.conflict().isPresent()) {
        ledger.end(
            upload.id(),
            upload.header(),
            State.FAILED,
            next.conflict().get(),
            upload.madeWholeBy());
      } else {
        ledger.end(upload.id(), published(upload), State.COMPLETE, "", upload.madeWholeBy());
      }
    }
  }

  /** Has the status say whether the blob's object was left out. */
  private UploadHeader published(WholeUpload upload) {
    if (!publisher.leavesOut(upload.count())) {
      return upload.header();
    }
    UploadHeader.Builder header = upload.header().toBuilder();
    header.getStatusBuilder().setObjectLeftOut(true);
    return header.build();
  }

  private static void raise(Throwable failure) {
    if (failure instanceof IOException noAnswer) {
      throw new UncheckedIOException(noAnswer);
    }
    throw new IllegalStateException("a blob could not be published: " + failure, failure);
  }

  @Override
  public void close() throws IOException {
    shortLists.close();
    longLists.close();
  }
}
