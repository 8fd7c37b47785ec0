package io.castore.chunker;

import com.google.protobuf.ByteString;
import io.castore.content.chunking.ChunkSizes;
import io.castore.content.codec.ChunkCodec;
import io.castore.content.codec.CorruptFrameException;
import io.castore.content.digest.Blake3;
import io.castore.content.digest.Digest;
import io.castore.content.objectstore.ObjectBody;
import io.castore.proto.pipeline.ChunkRecord;
import io.castore.proto.state.RecordPosition;
import io.castore.proto.state.StoredChunk;
import org.jspecify.annotations.Nullable;

/**
 * Decides what is to become of a chunk record. Nothing is stored under a digest before its bytes
 * were hashed here.
 *
 * <p>Immutable, and so safe for use by many threads.
 */
final class ChunkJudge {
  private final ChunkCodec codec;

  ChunkJudge(ChunkCodec codec) {
    this.codec = codec;
  }

  /**
   * Judges one record.
   *
   * @param digest the record's key
   * @param at where the record stands
   * @param known what is remembered of the digest and can be relied on, if anything
   */
  ChunkOutcome judge(
      Digest digest, ChunkRecord chunk, RecordPosition at, @Nullable StoredChunk known) {
    int rawSize = chunk.getRawSize();
    if (rawSize < 1 || rawSize > ChunkSizes.LARGEST_LEGAL_CHUNK) {
      return new ChunkOutcome.Rejected(
          "invalid raw size: %s bytes (expected: 1 to %d)"
              .formatted(Integer.toUnsignedString(rawSize), ChunkSizes.LARGEST_LEGAL_CHUNK));
    }
    if (known != null) {
      return known.getRawSize() == rawSize
          ? new ChunkOutcome.Known(digest, rawSize, known.getSource().equals(at))
          : new ChunkOutcome.Rejected(
              "invalid raw size: %d bytes (expected: %d, as stored)"
                  .formatted(rawSize, known.getRawSize()));
    }
    return switch (chunk.getContentCase()) {
      case RAW -> judgeRaw(digest, rawSize, chunk.getRaw());
      case ZSTD_FRAME -> judgeFrame(digest, rawSize, chunk.getZstdFrame());
      case REFERENCE -> new ChunkOutcome.Missing(digest);
      case CLAIM, MARK, COLLECT, FORGET, RESTORE ->
          throw new IllegalArgumentException("no chunk: " + chunk.getContentCase());
      case CONTENT_NOT_SET -> new ChunkOutcome.Rejected("the record has no content");
    };
  }

  private ChunkOutcome judgeRaw(Digest digest, int rawSize, ByteString content) {
    if (content.size() != rawSize) {
      return new ChunkOutcome.Rejected(
          "the content has %d bytes (expected: %d, its raw size)"
              .formatted(content.size(), rawSize));
    }
    byte[] raw = content.toByteArray();
    Digest actual = Blake3.hash(raw);
    return actual.equals(digest)
        ? new ChunkOutcome.New(digest, rawSize, ObjectBody.of(codec.compress(raw, 0, raw.length)))
        : wrongDigest(actual);
  }

  private ChunkOutcome judgeFrame(Digest digest, int rawSize, ByteString content) {
    byte[] frame = content.toByteArray();
    byte[] raw;
    try {
      raw = ChunkCodec.decompress(frame, rawSize);
    } catch (CorruptFrameException corrupt) {
      return new ChunkOutcome.Rejected(String.valueOf(corrupt.getMessage()));
    }
    Digest actual = Blake3.hash(raw);
    return actual.equals(digest)
        ? new ChunkOutcome.New(digest, rawSize, ObjectBody.of(frame))
        : wrongDigest(actual);
  }

  private static ChunkOutcome wrongDigest(Digest actual) {
    return new ChunkOutcome.Rejected("the content's digest is " + actual + " (expected: the key)");
  }
}
