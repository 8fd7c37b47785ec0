package io.castore.chunker;

import com.google.protobuf.ByteString;
import io.castore.content.digest.Digest;
import io.castore.proto.pipeline.ChunkReceipt;
import io.castore.proto.pipeline.ChunkReceipt.Result;

/**
 * Makes receipts.
 *
 * @param storeId identity of the store, which they carry
 */
record Receipts(String storeId) {
  /** Makes the receipt that a record gets, as soon as its outcome has come true. */
  ChunkReceipt of(ReceivedChunk chunk, ChunkOutcome outcome) {
    ChunkReceipt.Builder receipt =
        ChunkReceipt.newBuilder()
            .setSeq(chunk.record().getSeq())
            .setDigest(ByteString.copyFrom(chunk.digest().toBytes()))
            .setRawSize(chunk.record().getRawSize())
            .setResult(result(outcome))
            .setClaimed(outcome.isThere() && chunk.record().getClaimsBlob())
            .setStoreId(storeId);
    if (outcome instanceof ChunkOutcome.Rejected rejected) {
      receipt.setReason(rejected.reason());
    }
    return receipt.build();
  }

  /** Makes the answer to a claim that was noted. */
  ChunkReceipt ofClaim(Digest blob) {
    return onBlob(blob).setResult(Result.CLAIMED).build();
  }

  /** Makes the answer to a claim that stands where it cannot be noted. */
  ChunkReceipt ofClaimAtFault(Digest blob, String reason) {
    return onBlob(blob).setResult(Result.REJECTED).setReason(reason).build();
  }

  private ChunkReceipt.Builder onBlob(Digest blob) {
    return ChunkReceipt.newBuilder()
        .setDigest(ByteString.copyFrom(blob.toBytes()))
        .setStoreId(storeId);
  }

  private static Result result(ChunkOutcome outcome) {
    if (outcome instanceof ChunkOutcome.New) {
      return Result.STORED;
    }
    if (outcome instanceof ChunkOutcome.Known known) {
      return known.byThisRecord() ? Result.STORED : Result.DEDUPLICATED;
    }
    return outcome instanceof ChunkOutcome.Missing ? Result.MISSING : Result.REJECTED;
  }
}
