package io.castore.chunker;

import com.google.protobuf.ByteString;
import io.castore.content.codec.ChunkCodec;
import io.castore.content.digest.Blake3;
import io.castore.content.digest.Digest;
import io.castore.content.layout.BucketLayout;
import io.castore.pipeline.records.UploadId;
import io.castore.proto.pipeline.ChunkRecord;
import java.nio.charset.StandardCharsets;

/** A chunk, and the records that it may come in. */
final class Chunk {
  static final ChunkCodec CODEC = new ChunkCodec(ChunkCodec.DEFAULT_LEVEL);

  private final byte[] raw;

  Chunk(byte[] raw) {
    this.raw = raw;
  }

  static Chunk of(String text) {
    return new Chunk(text.getBytes(StandardCharsets.UTF_8));
  }

  byte[] raw() {
    return raw.clone();
  }

  Digest digest() {
    return Blake3.hash(raw);
  }

  String key() {
    return BucketLayout.chunkKey(digest());
  }

  byte[] frame() {
    return CODEC.compress(raw, 0, raw.length);
  }

  ChunkRecord compressed(UploadId upload, long seq) {
    return envelope(upload, seq).setZstdFrame(ByteString.copyFrom(frame())).build();
  }

  ChunkRecord uncompressed(UploadId upload, long seq) {
    return envelope(upload, seq).setRaw(ByteString.copyFrom(raw)).build();
  }

  ChunkRecord reference(UploadId upload, long seq) {
    return envelope(upload, seq).setReference(ChunkRecord.Reference.getDefaultInstance()).build();
  }

  ChunkRecord.Builder envelope(UploadId upload, long seq) {
    return ChunkRecord.newBuilder()
        .setUploadId(ByteString.copyFrom(upload.toBytes()))
        .setSeq(seq)
        .setRawSize(raw.length);
  }
}
