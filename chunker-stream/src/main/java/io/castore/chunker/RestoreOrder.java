package io.castore.chunker;

import io.castore.content.digest.Digest;
import io.castore.proto.pipeline.ChunkRecord;
import java.util.Optional;

/**
 * Stores the bytes of a chunk whose object is damaged or gone, whatever is known of it. They are
 * checked like those of an upload. Nobody waits for an answer.
 */
final class RestoreOrder implements Order {
  private final ChunkJudge judge;
  private final ChunkEntries chunks;
  private final PutWindow puts;
  private final DeleteWindow deletes;

  RestoreOrder(ChunkJudge judge, ChunkEntries chunks, PutWindow puts, DeleteWindow deletes) {
    this.judge = judge;
    this.chunks = chunks;
    this.puts = puts;
    this.deletes = deletes;
  }

  @Override
  public Optional<String> carryOut(ReceivedOrder order) {
    Digest digest = order.digest();
    ChunkRecord record = order.record();
    ChunkRecord.Restore restore = record.getRestore();
    ChunkRecord.Builder bytes = ChunkRecord.newBuilder().setRawSize(record.getRawSize());
    switch (restore.getContentCase()) {
      case RAW -> bytes.setRaw(restore.getRaw());
      case ZSTD_FRAME -> bytes.setZstdFrame(restore.getZstdFrame());
      case CONTENT_NOT_SET -> {}
    }
    ChunkOutcome outcome = judge.judge(digest, bytes.build(), order.at(), null);
    if (outcome instanceof ChunkOutcome.New fresh) {
      puts.await(digest);
      deletes.await(digest);
      puts.put(fresh, fresh.entry(order.at(), chunks.get(digest)));
      return Optional.empty();
    }
    return outcome instanceof ChunkOutcome.Rejected rejected
        ? Optional.of(rejected.reason())
        : Optional.of("the order has no bytes");
  }
}
