package io.castore.index;

import io.castore.index.LostChunkSearch.Candidate;
import io.castore.index.LostChunkSearch.Candidates;
import io.castore.index.LostChunkSearch.Page;
import io.castore.pipeline.records.UploadId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The chunks of an upload whose references were answered with MISSING: they may have come since.
 */
final class MissingRows implements Candidates {
  private static final int PAGE = 1_000;
  private static final int ROWS_AT_A_TIME = 50_000;

  private final UploadId id;
  private final ChunkRows rows;
  private long next;
  private boolean ended;

  MissingRows(UploadId id, ChunkRows rows) {
    this.id = id;
    this.rows = rows;
  }

  @Override
  public Optional<Page> next() {
    if (ended) {
      return Optional.empty();
    }
    List<Candidate> missing = new ArrayList<>();
    try (ChunkRows.Scan scan = rows.scan(id, next)) {
      for (int read = 0; read < ROWS_AT_A_TIME && missing.size() < PAGE; read++) {
        if (!scan.next()) {
          ended = true;
          break;
        }
        ChunkRow row = scan.row();
        if (!row.isThere()) {
          missing.add(new Candidate(scan.seq(), row.digest(), row.size()));
        }
        next = scan.seq() + 1;
      }
    }
    return Optional.of(() -> missing);
  }

  @Override
  public void close() {}
}
