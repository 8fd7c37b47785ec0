package io.castore.audit.log;

import io.castore.content.digest.Digest;
import io.castore.pipeline.records.UploadId;
import java.nio.ByteBuffer;

/**
 * A blob that the log knows of.
 *
 * @param digest of its content
 * @param size of its content, in bytes
 * @param chunkCount how many chunks it has
 * @param encodedLength how long its object is, in bytes, where the list is whole
 * @param upload the earliest upload that made it, as far as one counts
 * @param completedAtMs when that was complete
 * @param isLive whether an upload of it counts: it has to be in the store. Otherwise it was dropped
 * @param isListWhole whether the log knows all of its chunks
 * @param isObjectLeftOut whether it needs no object, since it is a single chunk and none was
 *     written
 */
public record ExpectedBlob(
    Digest digest,
    long size,
    long chunkCount,
    long encodedLength,
    UploadId upload,
    long completedAtMs,
    boolean isLive,
    boolean isListWhole,
    boolean isObjectLeftOut) {
  private static final int LENGTH = 4 * Long.BYTES + UploadId.LENGTH + 3;

  /** Whether this tells more of the blob than another upload does, or does so earlier. */
  boolean isBetterThan(ExpectedBlob other) {
    if (isLive != other.isLive) {
      return isLive;
    }
    if (isListWhole != other.isListWhole) {
      return isListWhole;
    }
    return completedAtMs != other.completedAtMs
        ? completedAtMs < other.completedAtMs
        : upload.compareTo(other.upload) < 0;
  }

  /**
   * Tells of both this and another upload of the blob: what the better one says, and that it needs
   * an object where an upload that counts needs one.
   */
  ExpectedBlob with(ExpectedBlob other) {
    ExpectedBlob better = isBetterThan(other) ? this : other;
    boolean isLeftOut =
        (isObjectLeftOut || !isLive) && (other.isObjectLeftOut || !other.isLive) && better.isLive;
    return new ExpectedBlob(
        digest,
        better.size,
        better.chunkCount,
        better.encodedLength,
        better.upload,
        better.completedAtMs,
        better.isLive,
        better.isListWhole,
        isLeftOut);
  }

  byte[] toBytes() {
    return ByteBuffer.allocate(LENGTH)
        .putLong(size)
        .putLong(chunkCount)
        .putLong(encodedLength)
        .putLong(completedAtMs)
        .put(upload.toBytes())
        .put((byte) (isLive ? 1 : 0))
        .put((byte) (isListWhole ? 1 : 0))
        .put((byte) (isObjectLeftOut ? 1 : 0))
        .array();
  }

  static ExpectedBlob of(Digest digest, byte[] bytes) {
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    long size = buffer.getLong();
    long chunkCount = buffer.getLong();
    long encodedLength = buffer.getLong();
    long completedAtMs = buffer.getLong();
    byte[] upload = new byte[UploadId.LENGTH];
    buffer.get(upload);
    return new ExpectedBlob(
        digest,
        size,
        chunkCount,
        encodedLength,
        UploadId.of(upload),
        completedAtMs,
        buffer.get() == 1,
        buffer.get() == 1,
        buffer.get() == 1);
  }
}
