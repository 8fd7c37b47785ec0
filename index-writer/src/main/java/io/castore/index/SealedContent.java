package io.castore.index;

import com.google.protobuf.ByteString;
import io.castore.content.digest.Digest;
import io.castore.proto.pipeline.UploadEvent;
import io.castore.proto.pipeline.UploadStatus;
import java.util.Optional;

/** What a producer says of its upload's content when it seals it. */
final class SealedContent {
  private SealedContent() {}

  /** Tells what cannot be true of it, if anything. */
  static Optional<String> fault(UploadEvent.Sealed sealed) {
    ByteString digest = sealed.getBlobDigest();
    if (digest.size() != Digest.LENGTH) {
      return Optional.of(
          "the blob's digest has %d bytes (expected: %d)".formatted(digest.size(), Digest.LENGTH));
    }
    Digest blob = Digest.of(digest.toByteArray());
    boolean empty = blob.equals(Digest.EMPTY);
    if (empty != (sealed.getSize() == 0) || empty != (sealed.getChunkCount() == 0)) {
      return Optional.of(
          "a blob with digest %s cannot have %s".formatted(blob, sizeAndChunks(sealed)));
    }
    if (sealed.getSize() < 0 || sealed.getChunkCount() < 0) {
      return Optional.of("the blob is too large: " + sizeAndChunks(sealed));
    }
    return Optional.empty();
  }

  private static String sizeAndChunks(UploadEvent.Sealed sealed) {
    return "%s bytes in %s chunks"
        .formatted(
            Long.toUnsignedString(sealed.getSize()), Long.toUnsignedString(sealed.getChunkCount()));
  }

  /** Whether a seal says the same of the content as an upload's status does. */
  static boolean isSame(UploadStatus status, UploadEvent.Sealed sealed) {
    return status.getBlobDigest().equals(sealed.getBlobDigest())
        && status.getSize() == sealed.getSize()
        && status.getChunkCount() == sealed.getChunkCount();
  }
}
