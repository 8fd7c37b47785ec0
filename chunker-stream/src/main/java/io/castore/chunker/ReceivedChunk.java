package io.castore.chunker;

import com.google.protobuf.InvalidProtocolBufferException;
import io.castore.content.digest.Digest;
import io.castore.pipeline.records.UploadId;
import io.castore.proto.pipeline.ChunkRecord;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A record of the topic of chunks that can be read. What it says is not checked yet.
 *
 * @param digest its key
 * @param upload the upload that it belongs to
 * @param record its value
 */
record ReceivedChunk(Digest digest, UploadId upload, ChunkRecord record) {
  /**
   * Reads a record.
   *
   * @throws InvalidProtocolBufferException if the value is not a message
   * @throws IllegalArgumentException if the key is not a digest, or the message names no upload
   */
  static ReceivedChunk parse(byte @Nullable [] key, byte @Nullable [] value)
      throws InvalidProtocolBufferException {
    Digest digest = Digest.of(Objects.requireNonNullElse(key, new byte[0]));
    ChunkRecord record = ChunkRecord.parseFrom(Objects.requireNonNullElse(value, new byte[0]));
    return new ReceivedChunk(digest, UploadId.of(record.getUploadId().toByteArray()), record);
  }
}
