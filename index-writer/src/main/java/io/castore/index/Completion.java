package io.castore.index;

import io.castore.content.digest.Digest;
import io.castore.pipeline.records.UploadId;
import io.castore.proto.pipeline.UploadStatus;
import io.castore.proto.pipeline.UploadStatus.State;
import io.castore.proto.state.RecordPosition;
import io.castore.proto.state.UploadHeader;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether a sealed upload is whole. That follows from its header and its rows alone, so
 * that it is found again after a crash.
 *
 * <p>Not thread-safe.
 */
final class Completion {
  private final UploadLedger ledger;
  private final ChunkRows rows;
  private final BlobClaims claims;
  private final Publications publications;

  Completion(UploadLedger ledger, ChunkRows rows, BlobClaims claims, Publications publications) {
    this.ledger = ledger;
    this.rows = rows;
    this.claims = claims;
    this.publications = publications;
  }

  /**
   * Has an upload published that is whole and whose blob is claimed, and ends one that never can be
   * whole.
   *
   * @param upload a sealed one
   * @param at the record that is being taken, null where none is
   * @return whether the upload takes no more records
   */
  boolean settle(UploadId id, UploadHeader upload, @Nullable RecordPosition at) {
    if (publications.hold(id)) {
      return true;
    }
    Tally tally = ledger.tally(id);
    Optional<String> fault = fault(id, upload.getStatus(), tally);
    if (fault.isPresent()) {
      ledger.end(id, upload, State.FAILED, fault.get(), at);
      return true;
    }
    if (tally.chunks() < upload.getStatus().getChunkCount()) {
      return false;
    }
    if (!upload.getClaimed()) {
      // As soon as the claim is answered it is settled again.
      claims.claim(id, upload);
      return false;
    }
    publications.begin(id, upload, at);
    return true;
  }

  private Optional<String> fault(UploadId id, UploadStatus sealed, Tally tally) {
    long expected = sealed.getChunkCount();
    if (tally.highestSeq() >= expected) {
      return Optional.of(
          "chunk %s is out of range: the upload has %d chunks"
              .formatted(Long.toUnsignedString(tally.highestSeq()), expected));
    }
    if (tally.chunks() < expected) {
      return Optional.empty();
    }
    if (tally.bytes() != sealed.getSize()) {
      return Optional.of(
          "the chunks have %d bytes (expected: %d)".formatted(tally.bytes(), sealed.getSize()));
    }
    if (expected == 1) {
      ChunkRow only = rows.get(id, 0);
      if (only == null || !only.digest().equals(Digest.of(sealed.getBlobDigest().toByteArray()))) {
        return Optional.of("the blob's digest is not that of its only chunk");
      }
    }
    return Optional.empty();
  }
}
