package io.castore.index;

import io.castore.content.layout.BucketLayout;
import io.castore.content.objectstore.ObjectReader;
import io.castore.pipeline.records.UploadId;
import io.castore.proto.state.UploadHeader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.LongSupplier;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Searches the store for the chunks that an upload lacks, before it is given up: those that were
 * once missing, and those of which no receipt came, whose digests only the topic {@code chunks}
 * tells. One upload at a time, off the stream thread.
 *
 * <p>Belongs to one task, and is not thread-safe.
 */
final class LostChunkSearch implements AutoCloseable {
  /** How soon it is worth asking whether a search is over. */
  static final Duration USUAL_TIME = Duration.ofSeconds(1);

  private static final Logger log = LoggerFactory.getLogger(LostChunkSearch.class);
  private static final long OUTCOME_KEPT_MS = Duration.ofMinutes(1).toMillis();

  private final UploadLedger ledger;
  private final ChunkRows rows;
  private final Completion completion;
  private final ObjectReader store;
  private final ChunkReplay chunkReplay;
  private final StoreWorkers workers;
  private final LongSupplier clock;
  private final Queue<Outcome> outcomes = new ConcurrentLinkedQueue<>();
  private @Nullable Search current;

  LostChunkSearch(
      UploadLedger ledger,
      ChunkRows rows,
      Completion completion,
      ObjectReader store,
      ChunkReplay chunkReplay,
      StoreWorkers workers,
      LongSupplier clock) {
    this.ledger = ledger;
    this.rows = rows;
    this.completion = completion;
    this.store = store;
    this.chunkReplay = chunkReplay;
    this.workers = workers;
    this.clock = clock;
  }

  /** A chunk that may be in the store. */
  record Candidate(long seq, ChunkRow row) {}

  /** Where candidates come from. */
  interface Candidates extends AutoCloseable {
    /**
     * Goes on, on the stream thread.
     *
     * @return empty at the end
     */
    Optional<Page> next();

    @Override
    void close();
  }

  /** Some candidates, got on another thread. */
  @FunctionalInterface
  interface Page {
    List<Candidate> get();
  }

  private static final class Search {
    private final UploadId id;
    private final List<Candidates> sources;
    private long overAtMs;

    Search(UploadId id, List<Candidates> sources) {
      this.id = id;
      this.sources = new ArrayList<>(sources);
    }
  }

  private record Outcome(Search search, List<Candidate> found, Optional<Exception> failure) {}

  /**
   * Tells whether all that can be found of an upload has been, and begins to search where it has
   * not.
   */
  boolean isOver(UploadId id, UploadHeader upload) {
    if (current != null && current.overAtMs > 0) {
      boolean isAnswer = current.id.equals(id);
      if (isAnswer || current.overAtMs + OUTCOME_KEPT_MS < clock.getAsLong()) {
        current = null;
      }
      if (isAnswer) {
        return true;
      }
    }
    if (current == null) {
      Search search =
          new Search(
              id,
              List.of(new MissingRows(id, rows), new LostReceipts(id, upload, rows, chunkReplay)));
      current = search;
      step(search);
    }
    return false;
  }

  /**
   * Takes up what was found.
   *
   * @throws UncheckedIOException if the store gave no answer
   */
  void advance() {
    for (Outcome next = outcomes.poll(); next != null; next = outcomes.poll()) {
      if (next.search() == current) {
        takeUp(next);
      }
    }
  }

  private void takeUp(Outcome outcome) {
    Search search = outcome.search();
    if (outcome.failure().isPresent()) {
      // Begins anew when the upload is next looked at.
      close();
      raise(outcome.failure().get());
      return;
    }
    UploadHeader upload = ledger.get(search.id);
    if (upload == null || !UploadLedger.isSealed(upload)) {
      close();
      return;
    }
    outcome.found().forEach(chunk -> add(search.id, chunk));
    if (completion.settle(search.id, upload, null)) {
      close();
      return;
    }
    step(search);
  }

  private static void raise(Exception failure) {
    if (failure instanceof IOException noAnswer) {
      throw new UncheckedIOException(noAnswer);
    }
    if (!(failure instanceof KafkaException)) {
      throw new IllegalStateException("lost chunks cannot be searched: " + failure, failure);
    }
    log.warn("Lost chunks cannot be searched now: {}", failure.getMessage());
  }

  /** Has the next page of candidates looked for, if there is one. */
  private void step(Search search) {
    while (!search.sources.isEmpty()) {
      Optional<Page> page = search.sources.get(0).next();
      if (page.isPresent()) {
        workers.execute(() -> outcomes.add(lookFor(search, page.get())));
        return;
      }
      workers.execute(search.sources.remove(0)::close);
    }
    search.overAtMs = clock.getAsLong();
  }

  private Outcome lookFor(Search search, Page page) {
    try {
      List<Candidate> found = new ArrayList<>();
      for (Candidate chunk : page.get()) {
        if (store.stat(BucketLayout.chunkKey(chunk.row().digest())).isPresent()) {
          found.add(chunk);
        }
      }
      return new Outcome(search, found, Optional.empty());
    } catch (IOException | RuntimeException failed) {
      return new Outcome(search, List.of(), Optional.of(failed));
    }
  }

  private void add(UploadId id, Candidate chunk) {
    ChunkRow before = rows.get(id, chunk.seq());
    if (before == null || (!before.isThere() && before.isOfSameChunk(chunk.row()))) {
      rows.put(id, chunk.seq(), chunk.row());
      ledger.tally(id).count(chunk.seq(), before, chunk.row());
    }
  }

  @Override
  public void close() {
    if (current != null) {
      // One of them may be in use, and is waited for there.
      List<Candidates> unfinished = current.sources;
      workers.execute(() -> unfinished.forEach(Candidates::close));
      current = null;
    }
  }
}
