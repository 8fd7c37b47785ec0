package io.castore.chunker;

import com.google.protobuf.InvalidProtocolBufferException;
import io.castore.content.digest.Digest;
import io.castore.pipeline.records.UploadId;
import io.castore.proto.pipeline.ChunkRecord;
import io.castore.proto.state.RecordPosition;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A record of the topic of chunks that can be read. What it says is not checked yet. */
sealed interface Received permits ReceivedChunk, ReceivedOrder, Received.Mark {
  /** Garbage collection begins a run here. */
  record Mark() implements Received {}

  /**
   * Reads a record.
   *
   * @param at where it stands
   * @param timestamp its time, in milliseconds since 1970
   * @throws InvalidProtocolBufferException if the value is not a message
   * @throws IllegalArgumentException if the key is not a digest where it has to be, or the message
   *     names no upload where it has to
   */
  static Received parse(
      byte @Nullable [] key, byte @Nullable [] value, RecordPosition at, long timestamp)
      throws InvalidProtocolBufferException {
    ChunkRecord record = ChunkRecord.parseFrom(Objects.requireNonNullElse(value, new byte[0]));
    return switch (record.getContentCase()) {
      case MARK -> new Mark();
      case CLAIM, COLLECT, FORGET, RESTORE -> new ReceivedOrder(digest(key), record, at, timestamp);
      case RAW, ZSTD_FRAME, REFERENCE, CONTENT_NOT_SET ->
          new ReceivedChunk(
              digest(key), UploadId.of(record.getUploadId().toByteArray()), record, timestamp);
    };
  }

  private static Digest digest(byte @Nullable [] key) {
    return Digest.of(Objects.requireNonNullElse(key, new byte[0]));
  }
}
