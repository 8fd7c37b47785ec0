package io.castore.audit.survey;

import io.castore.audit.AuditProgress;
import io.castore.audit.table.Table;
import io.castore.content.digest.Digest;
import io.castore.content.layout.BucketLayout;
import io.castore.content.layout.BucketObject;
import io.castore.content.objectstore.ObjectInfo;
import io.castore.content.objectstore.ObjectStore;
import io.castore.pipeline.scratch.ScratchStore;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;

/**
 * Lists a store's chunks, reads them, and remembers on disk how each one is.
 *
 * <p>What it remembers can be asked for by many threads; one thread walks.
 */
public final class ChunkSurvey {
  private final ObjectStore store;
  private final Table conditions;
  private final Workers workers;
  private final ReadRate rate;
  private final AuditProgress progress;
  private final ChunkCheck check;

  /**
   * Prepares to look at a store, which belongs to the caller, as do the other parameters.
   *
   * @param scratch keeps what is seen; not used by others under the table's name {@code C}
   */
  public ChunkSurvey(
      ObjectStore store,
      ScratchStore scratch,
      Workers workers,
      ReadRate rate,
      AuditProgress progress) {
    this.store = store;
    this.conditions = new Table(scratch, 'C');
    this.workers = workers;
    this.rate = rate;
    this.progress = progress;
    this.check = new ChunkCheck(store);
  }

  /** Chooses chunks. */
  @FunctionalInterface
  public interface Choice {
    /** Whether a chunk is one of them. */
    boolean includes(Digest chunk) throws IOException;
  }

  /**
   * What a walk came by.
   *
   * @param listed how many chunks
   * @param read how many of them were read
   * @param bytesRead their bytes, as they lie in the store
   */
  public record Walk(long listed, long read, long bytesRead) {}

  /**
   * Looks at all chunks of a shard.
   *
   * @param isRead which of them are read, and not only listed
   * @throws IOException if the store cannot be used
   */
  public Walk walk(int shard, Choice isRead) throws IOException {
    LongAdder listed = new LongAdder();
    LongAdder read = new LongAdder();
    LongAdder bytes = new LongAdder();
    store.list(
        Shards.chunks(shard),
        object -> {
          Optional<BucketObject> known = BucketLayout.parse(object.key());
          if (known.isPresent() && known.get() instanceof BucketObject.Chunk chunk) {
            listed.increment();
            if (isRead.includes(chunk.digest())) {
              read.increment();
              bytes.add(object.size());
              workers.submit(() -> read(chunk.digest(), object));
            } else {
              note(chunk.digest(), new ChunkCondition.Unread(ChunkCondition.Unread.UNKNOWN));
              progress.count(0);
            }
          }
        });
    workers.drain();
    return new Walk(listed.sum(), read.sum(), bytes.sum());
  }

  private void read(Digest chunk, ObjectInfo object) throws IOException {
    rate.await(object.size());
    ChunkCondition condition = check.check(chunk);
    // One that has gone since it was listed is missed by a blob, if at all.
    if (!(condition instanceof ChunkCondition.Missing)) {
      note(chunk, condition);
    }
    progress.count(object.size());
  }

  /** Gives how a chunk was when it was walked by, looked for or written. */
  public Optional<ChunkCondition> seen(Digest chunk) throws IOException {
    return conditions.get(chunk.toBytes()).map(ChunkCondition::of);
  }

  /** Notes that a chunk was written. */
  public void written(Digest chunk, int size) throws IOException {
    note(chunk, new ChunkCondition.Whole(size));
  }

  /**
   * Gives how a chunk is. One that was not seen is looked for now, since it may have come after its
   * shard was walked.
   *
   * @throws IOException if the store cannot be used
   */
  public ChunkCondition condition(Digest chunk) throws IOException {
    Optional<ChunkCondition> seen = seen(chunk);
    return seen.isPresent() ? seen.get() : lookAgain(chunk);
  }

  /**
   * Gives how a chunk is, with its size where there is an object.
   *
   * @throws IOException if the store cannot be used
   */
  public ChunkCondition sized(Digest chunk) throws IOException {
    ChunkCondition seen = condition(chunk);
    return seen instanceof ChunkCondition.Unread unread
            && unread.size() == ChunkCondition.Unread.UNKNOWN
        ? note(chunk, check.glance(chunk))
        : seen;
  }

  /**
   * Reads a chunk, whatever was seen of it before.
   *
   * @throws IOException if the store cannot be used
   */
  public ChunkCondition lookAgain(Digest chunk) throws IOException {
    return note(chunk, check.check(chunk));
  }

  private ChunkCondition note(Digest chunk, ChunkCondition condition) throws IOException {
    conditions.put(chunk.toBytes(), condition.toBytes());
    return condition;
  }

  /** Visits the chunks of a shard that were seen or looked for, in the order of their digests. */
  public <E extends Exception> void visit(int shard, ChunkCondition.Visitor<E> visitor)
      throws E, IOException {
    conditions.<E>visit(
        new byte[] {(byte) shard},
        (key, value) -> visitor.visit(Digest.of(key), ChunkCondition.of(value)));
  }
}
