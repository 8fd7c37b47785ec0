package io.castore.index;

import io.castore.content.digest.Digest;
import io.castore.pipeline.records.UploadId;
import io.castore.proto.state.UploadHeader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.LongSupplier;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the chunker about the chunks that an upload lacks, before it is given up: those that were
 * once missing, and those of which no receipt came, whose digests only the topic {@code chunks}
 * tells. It is asked with references, as a producer does, and its receipts count. That a chunk lies
 * in the store would not do: what no receipt promises may be collected the next moment.
 *
 * <p>One upload at a time, off the stream thread. Belongs to one task, and is not thread-safe.
 */
final class LostChunkSearch implements AutoCloseable {
  /** How soon it is worth asking whether a search is over. */
  static final Duration USUAL_TIME = Duration.ofSeconds(1);

  private static final Logger log = LoggerFactory.getLogger(LostChunkSearch.class);

  /** One that was pushed out is searched for again. */
  private static final int MOST_IN_MEMORY = 10_000;

  private final UploadLedger ledger;
  private final ChunkRows rows;
  private final ChunkReplay chunkReplay;
  private final StoreWorkers workers;
  private final Outlet outlet;
  private final long answerMs;
  private final LongSupplier clock;
  private final Map<UploadId, Long> answersByMs =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<UploadId, Long> eldest) {
          return size() > MOST_IN_MEMORY;
        }
      };
  private final Queue<Outcome> outcomes = new ConcurrentLinkedQueue<>();
  private @Nullable Search current;

  /**
   * Searches for uploads of a ledger.
   *
   * @param answerTime how long the chunker has to answer
   * @param clock gives milliseconds since 1970
   */
  LostChunkSearch(
      UploadLedger ledger,
      ChunkRows rows,
      ChunkReplay chunkReplay,
      StoreWorkers workers,
      Outlet outlet,
      Duration answerTime,
      LongSupplier clock) {
    this.ledger = ledger;
    this.rows = rows;
    this.chunkReplay = chunkReplay;
    this.workers = workers;
    this.outlet = outlet;
    this.answerMs = answerTime.toMillis();
    this.clock = clock;
  }

  /**
   * A chunk that the upload lacks.
   *
   * @param seq its place in the upload
   * @param rawSize length of its raw bytes
   */
  record Candidate(long seq, Digest digest, int rawSize) {}

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
    private boolean anyReferred;

    Search(UploadId id, List<Candidates> sources) {
      this.id = id;
      this.sources = new ArrayList<>(sources);
    }
  }

  private record Outcome(
      Search search, List<Candidate> found, Optional<RuntimeException> failure) {}

  /**
   * Goes on with the search for an upload, or begins it.
   *
   * @return when to call this again, or empty where nothing more can be found
   */
  OptionalLong goOn(UploadId id, UploadHeader upload) {
    long now = clock.getAsLong();
    Long answersBy = answersByMs.get(id);
    if (answersBy != null) {
      if (answersBy > now) {
        return OptionalLong.of(answersBy);
      }
      answersByMs.remove(id);
      return OptionalLong.empty();
    }
    if (current == null) {
      Search search =
          new Search(
              id,
              List.of(new MissingRows(id, rows), new LostReceipts(id, upload, rows, chunkReplay)));
      current = search;
      step(search);
    }
    return OptionalLong.of(now + USUAL_TIME.toMillis());
  }

  /** Forgets an upload that has ended. */
  void forget(UploadId id) {
    answersByMs.remove(id);
  }

  /**
   * Asks about what was found.
   *
   * @throws IllegalStateException if the search failed in a way that another try does not help
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
    for (Candidate chunk : outcome.found()) {
      outlet.refer(search.id, chunk.seq(), chunk.digest(), chunk.rawSize());
      search.anyReferred = true;
    }
    step(search);
  }

  private static void raise(RuntimeException failure) {
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
    current = null;
    answersByMs.put(search.id, clock.getAsLong() + (search.anyReferred ? answerMs : 0));
  }

  private static Outcome lookFor(Search search, Page page) {
    try {
      return new Outcome(search, page.get(), Optional.empty());
    } catch (RuntimeException failed) {
      return new Outcome(search, List.of(), Optional.of(failed));
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
