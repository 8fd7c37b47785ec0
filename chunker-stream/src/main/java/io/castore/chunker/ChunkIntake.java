package io.castore.chunker;

import io.castore.content.digest.Digest;
import io.castore.proto.state.RecordPosition;
import io.castore.proto.state.StoredChunk;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Takes the chunks of uploads: has those stored that are not known, and answers each. Belongs to
 * one task, and is used by the thread that runs it.
 */
final class ChunkIntake {
  private final KeyPartition keyPartition;
  private final ChunkJudge judge;
  private final TaskMark mark;
  private final ChunkEntries chunks;
  private final PutWindow puts;
  private final DeleteWindow deletes;
  private final ClaimOrder claim;
  private final Receipts receipts;
  private final Consumer<PendingReceipt> answer;

  ChunkIntake(
      KeyPartition keyPartition,
      ChunkJudge judge,
      TaskMark mark,
      ChunkEntries chunks,
      PutWindow puts,
      DeleteWindow deletes,
      ClaimOrder claim,
      Receipts receipts,
      Consumer<PendingReceipt> answer) {
    this.keyPartition = keyPartition;
    this.judge = judge;
    this.mark = mark;
    this.chunks = chunks;
    this.puts = puts;
    this.deletes = deletes;
    this.claim = claim;
    this.receipts = receipts;
    this.answer = answer;
  }

  /**
   * Takes a chunk, and answers it, now or when its PUT was acknowledged.
   *
   * @return what is wrong with the record, if anything is
   * @throws java.io.UncheckedIOException if the store did not take something in time
   */
  Optional<String> take(ReceivedChunk chunk, RecordPosition at) {
    Digest digest = chunk.digest();
    StoredChunk onItsWay = puts.chunk(digest);
    StoredChunk entry = onItsWay == null ? chunks.get(digest) : onItsWay;
    StoredChunk known = ChunkEntries.known(entry);
    ChunkOutcome outcome = judge(chunk, at, known);
    if (outcome.isThere() && chunk.record().getClaimsBlob()) {
      claim.note(digest, at.getOffset());
    }
    PendingReceipt receipt =
        new PendingReceipt(chunk.upload(), receipts.of(chunk, outcome), chunk.timestamp());
    if (outcome instanceof ChunkOutcome.New fresh) {
      // Or the delete could hit what is stored now.
      deletes.await(digest);
      puts.put(fresh, fresh.entry(at, entry), receipt);
      return Optional.empty();
    }
    if (outcome instanceof ChunkOutcome.Known && known != null) {
      if (onItsWay != null) {
        puts.join(digest, receipt, at.getOffset());
        return Optional.empty();
      }
      if (mark.isAfter(ChunkEntries.lastUse(known))) {
        chunks.refer(digest, known, at.getOffset());
      }
    }
    answer.accept(receipt);
    return outcome instanceof ChunkOutcome.Rejected rejected
        ? Optional.of(rejected.reason())
        : Optional.empty();
  }

  private ChunkOutcome judge(ReceivedChunk chunk, RecordPosition at, @Nullable StoredChunk known) {
    Optional<String> misplaced = keyPartition.fault(chunk.digest(), at.getPartition());
    return misplaced.isPresent()
        ? new ChunkOutcome.Rejected(misplaced.get())
        : judge.judge(chunk.digest(), chunk.record(), at, known);
  }
}
