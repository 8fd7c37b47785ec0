package io.castore.audit.verify;

import io.castore.audit.log.StoreLog;
import io.castore.audit.table.Bytes;
import io.castore.audit.table.Table;
import io.castore.content.digest.Digest;
import io.castore.content.layout.BucketLayout;
import io.castore.content.layout.BucketObject;
import io.castore.pipeline.scratch.ScratchStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What was found to be damaged or missing, each thing once, and the blobs that it hits. Kept on
 * disk.
 *
 * <p>Safe for use by many threads.
 */
public final class Findings {
  private static final int HITS_SHOWN = 10;
  private static final int SOURCES_SHOWN = 5;
  private static final char MISSING = 'M';
  private static final char DAMAGED = 'D';

  private final Table found;
  private final Table hits;
  private final Optional<StoreLog> log;

  /**
   * Starts with none.
   *
   * @param scratch not used by others under the tables' names {@code F} and {@code H}
   * @param log knows the sources of blobs
   */
  public Findings(ScratchStore scratch, Optional<StoreLog> log) {
    found = new Table(scratch, 'F');
    hits = new Table(scratch, 'H');
    this.log = log;
  }

  /** Takes findings. */
  @FunctionalInterface
  public interface Visitor {
    /** Takes the next one; an exception ends the visit and reaches its caller. */
    void visit(Finding finding) throws IOException;
  }

  /** Notes that an object is not there. */
  public void missing(BucketObject object, String reason) throws IOException {
    put(object, MISSING, reason);
  }

  /** Notes that an object does not hold what it should. */
  public void damaged(BucketObject object, String reason) throws IOException {
    put(object, DAMAGED, reason);
  }

  private void put(BucketObject object, char kind, String reason) throws IOException {
    found.put(
        object.key().getBytes(StandardCharsets.US_ASCII),
        (kind + reason).getBytes(StandardCharsets.UTF_8));
  }

  /** Notes that a blob cannot be read because of a chunk. */
  public void hit(Digest chunk, Digest blob) throws IOException {
    hits.put(Bytes.join(chunk.toBytes(), blob.toBytes()), new byte[0]);
  }

  /** Whether an object was found to be damaged or missing. */
  public boolean contains(BucketObject object) throws IOException {
    return found.contains(object.key().getBytes(StandardCharsets.US_ASCII));
  }

  /** Visits what was found, in the order of the objects' keys. */
  public void visit(Visitor visitor) throws IOException {
    found.<IOException>visitAll(
        (key, value) -> {
          String text = new String(value, StandardCharsets.UTF_8);
          Optional<BucketObject> object =
              BucketLayout.parse(new String(key, StandardCharsets.US_ASCII));
          if (object.isPresent()) {
            visitor.visit(finding(object.get(), text.charAt(0) == MISSING, text.substring(1)));
          }
        });
  }

  private Finding finding(BucketObject object, boolean isMissing, String reason)
      throws IOException {
    List<Finding.Hit> shown = new ArrayList<>();
    long[] count = {0};
    if (object instanceof BucketObject.Blob blob) {
      count[0] = 1;
      shown.add(describe(blob.digest()));
    } else if (object instanceof BucketObject.Chunk chunk) {
      hits.<IOException>visit(
          chunk.digest().toBytes(),
          (key, nothing) -> {
            if (count[0]++ < HITS_SHOWN) {
              shown.add(describe(Digest.of(key, Digest.LENGTH)));
            }
          });
    }
    return new Finding(object, isMissing, reason, count[0], shown);
  }

  private Finding.Hit describe(Digest blob) throws IOException {
    if (log.isEmpty()) {
      return new Finding.Hit(blob, 0, List.of());
    }
    StoreLog.Sources sources = log.get().sources(blob, SOURCES_SHOWN);
    return new Finding.Hit(blob, sources.count(), sources.first());
  }
}
