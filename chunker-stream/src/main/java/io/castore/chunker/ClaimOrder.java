package io.castore.chunker;

import com.google.protobuf.ByteString;
import io.castore.content.digest.Digest;
import io.castore.pipeline.records.UploadId;
import io.castore.proto.pipeline.ChunkReceipt;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Takes the claim that a blob is about to be published: from here on, no run of garbage collection
 * that was marked before removes its object. One that is just being removed is waited for, so that
 * the object that is published next is not hit.
 */
final class ClaimOrder implements Order {
  private final BlobClaims claims;
  private final DeleteWindow deletes;
  private final RecentCollects collects;
  private final Receipts receipts;
  private final Consumer<PendingReceipt> answer;

  ClaimOrder(
      BlobClaims claims,
      DeleteWindow deletes,
      RecentCollects collects,
      Receipts receipts,
      Consumer<PendingReceipt> answer) {
    this.claims = claims;
    this.deletes = deletes;
    this.collects = collects;
    this.receipts = receipts;
    this.answer = answer;
  }

  @Override
  public Optional<String> carryOut(ReceivedOrder order) {
    Optional<UploadId> upload;
    try {
      upload = upload(order);
    } catch (IllegalArgumentException noUpload) {
      return Optional.of(String.valueOf(noUpload.getMessage()));
    }
    note(order.digest(), order.offset());
    upload.ifPresent(id -> answer(order, id, receipts.ofClaim(order.digest())));
    return Optional.empty();
  }

  /**
   * Notes a claim: when this returns, it may be answered.
   *
   * @throws java.io.UncheckedIOException if the store did not take something in time
   */
  void note(Digest blob, long offset) {
    deletes.await(blob);
    claims.claim(blob, offset);
    collects.makeDurable(blob);
  }

  /** Answers a claim that stands where it cannot be noted, if an upload waits for that. */
  void reject(ReceivedOrder order, String reason) {
    try {
      upload(order)
          .ifPresent(id -> answer(order, id, receipts.ofClaimAtFault(order.digest(), reason)));
    } catch (IllegalArgumentException noUpload) {
      // Then nobody waits.
    }
  }

  private void answer(ReceivedOrder order, UploadId upload, ChunkReceipt receipt) {
    answer.accept(new PendingReceipt(upload, receipt, order.timestamp()));
  }

  /**
   * Gives the upload that waits for an answer, if one does.
   *
   * @throws IllegalArgumentException if what the order names is no upload
   */
  private static Optional<UploadId> upload(ReceivedOrder order) {
    ByteString id = order.record().getUploadId();
    return id.isEmpty() ? Optional.empty() : Optional.of(UploadId.of(id.toByteArray()));
  }
}
