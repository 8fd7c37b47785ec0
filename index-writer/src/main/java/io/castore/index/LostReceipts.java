package io.castore.index;

import io.castore.index.LostChunkSearch.Candidate;
import io.castore.index.LostChunkSearch.Candidates;
import io.castore.index.LostChunkSearch.Page;
import io.castore.pipeline.records.UploadId;
import io.castore.proto.state.UploadHeader;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The chunks of an upload of which nothing was heard, as the topic {@code chunks} has them. Holds
 * one bit for each of the upload's chunks.
 */
final class LostReceipts implements Candidates {
  private static final int ROWS_AT_A_TIME = 50_000;

  /** An upload of more is not searched for: 16 MiB of bits, or 32 TiB at the default sizes. */
  private static final long MOST_CHUNKS = 1L << 27;

  private final UploadId id;
  private final UploadHeader upload;
  private final ChunkRows rows;
  private final ChunkReplay replay;
  private final BitSet known = new BitSet();
  private long next;
  private boolean allKnown;
  private ChunkReplay.@Nullable Reading reading;
  private boolean ended;

  LostReceipts(UploadId id, UploadHeader upload, ChunkRows rows, ChunkReplay replay) {
    this.id = id;
    this.upload = upload;
    this.rows = rows;
    this.replay = replay;
  }

  @Override
  public synchronized Optional<Page> next() {
    if (ended || upload.getChunkRecordsCount() == 0 || expected() > MOST_CHUNKS) {
      return Optional.empty();
    }
    if (!allKnown) {
      noteKnown();
      return Optional.of(List::of);
    }
    return known.cardinality() == expected() ? Optional.empty() : Optional.of(this::read);
  }

  private long expected() {
    return upload.getStatus().getChunkCount();
  }

  private void noteKnown() {
    try (ChunkRows.Scan scan = rows.scan(id, next)) {
      for (int read = 0; read < ROWS_AT_A_TIME; read++) {
        if (!scan.next()) {
          allKnown = true;
          return;
        }
        known.set(Math.toIntExact(scan.seq()));
        next = scan.seq() + 1;
      }
    }
  }

  private synchronized List<Candidate> read() {
    if (ended) {
      return List.of();
    }
    if (reading == null) {
      reading = replay.open(id, upload.getChunkRecordsList());
    }
    Optional<List<ChunkReplay.Entry>> entries = reading.next();
    ended = entries.isEmpty();
    return entries.orElse(List.of()).stream()
        .filter(this::isLost)
        .map(LostReceipts::candidate)
        .toList();
  }

  private boolean isLost(ChunkReplay.Entry entry) {
    return entry.seq() >= 0
        && entry.seq() < expected()
        && entry.rawSize() > 0
        && !known.get((int) entry.seq());
  }

  private static Candidate candidate(ChunkReplay.Entry entry) {
    return new Candidate(entry.seq(), entry.digest(), entry.rawSize());
  }

  @Override
  public synchronized void close() {
    ended = true;
    if (reading != null) {
      reading.close();
      reading = null;
    }
  }
}
