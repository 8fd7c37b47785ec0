package io.castore.audit.payload;

import com.google.protobuf.ByteString;
import io.castore.content.chunking.ChunkSizes;
import io.castore.content.codec.ChunkCodec;
import io.castore.content.codec.CorruptFrameException;
import io.castore.content.digest.Blake3;
import io.castore.content.digest.Digest;
import io.castore.proto.pipeline.ChunkRecord;
import java.util.Optional;

/**
 * The bytes of a chunk, taken from a record of the topic of chunks and checked against the digest.
 *
 * @param frame one zstd frame of the raw bytes
 * @param rawSize length of the raw bytes
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
public record ChunkPayload(byte[] frame, int rawSize) {
  /**
   * Takes the bytes that a record carries.
   *
   * @param codec compresses bytes that came raw
   * @return empty where it carries none, or none that have the digest
   */
  public static Optional<ChunkPayload> of(Digest digest, ChunkRecord record, ChunkCodec codec) {
    int size = record.getRawSize();
    if (size < 1 || size > ChunkSizes.LARGEST_LEGAL_CHUNK) {
      return Optional.empty();
    }
    return switch (record.getContentCase()) {
      case RAW -> ofRaw(digest, record.getRaw(), size, codec);
      case ZSTD_FRAME -> ofFrame(digest, record.getZstdFrame(), size);
      case RESTORE ->
          record.getRestore().hasRaw()
              ? ofRaw(digest, record.getRestore().getRaw(), size, codec)
              : ofFrame(digest, record.getRestore().getZstdFrame(), size);
      case REFERENCE, CLAIM, MARK, COLLECT, FORGET, CONTENT_NOT_SET -> Optional.empty();
    };
  }

  private static Optional<ChunkPayload> ofRaw(
      Digest digest, ByteString bytes, int size, ChunkCodec codec) {
    byte[] raw = bytes.toByteArray();
    return raw.length == size && Blake3.hash(raw).equals(digest)
        ? Optional.of(new ChunkPayload(codec.compress(raw, 0, size), size))
        : Optional.empty();
  }

  private static Optional<ChunkPayload> ofFrame(Digest digest, ByteString bytes, int size) {
    byte[] frame = bytes.toByteArray();
    try {
      return Blake3.hash(ChunkCodec.decompress(frame, size)).equals(digest)
          ? Optional.of(new ChunkPayload(frame, size))
          : Optional.empty();
    } catch (CorruptFrameException damaged) {
      return Optional.empty();
    }
  }
}
