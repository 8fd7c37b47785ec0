package io.castore.chunker;

import com.google.protobuf.ByteString;
import io.castore.pipeline.records.UploadId;
import io.castore.proto.pipeline.ChunkRecord;
import io.castore.proto.pipeline.ChunkRecord.Collect;

/** Orders as other programs send them. */
final class OrderRecords {
  private OrderRecords() {}

  static ChunkRecord mark() {
    return ChunkRecord.newBuilder().setMark(ChunkRecord.Mark.getDefaultInstance()).build();
  }

  static ChunkRecord collect(Collect.Kind kind, long markOffset) {
    return collect(kind, markOffset, ChunkerDriver.STORE_ID);
  }

  static ChunkRecord collect(Collect.Kind kind, long markOffset, String storeId) {
    return ChunkRecord.newBuilder()
        .setCollect(
            Collect.newBuilder().setKind(kind).setMarkOffset(markOffset).setStoreId(storeId))
        .build();
  }

  static ChunkRecord claim(UploadId upload) {
    return claim().toBuilder().setUploadId(ByteString.copyFrom(upload.toBytes())).build();
  }

  static ChunkRecord claim() {
    return ChunkRecord.newBuilder().setClaim(ChunkRecord.Claim.getDefaultInstance()).build();
  }

  static ChunkRecord forget(String storeId) {
    return ChunkRecord.newBuilder()
        .setForget(ChunkRecord.Forget.newBuilder().setStoreId(storeId))
        .build();
  }

  static ChunkRecord restore(Chunk chunk, String storeId) {
    return ChunkRecord.newBuilder()
        .setRawSize(chunk.raw().length)
        .setRestore(
            ChunkRecord.Restore.newBuilder()
                .setZstdFrame(ByteString.copyFrom(chunk.frame()))
                .setStoreId(storeId))
        .build();
  }
}
