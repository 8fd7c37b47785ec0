package io.castore.index;

import com.github.luben.zstd.Zstd;
import com.google.protobuf.ByteString;
import io.castore.content.digest.Blake3;
import io.castore.content.digest.Digest;
import io.castore.content.layout.BlobIndex;
import io.castore.content.layout.BucketLayout;
import io.castore.content.layout.ChunkRef;
import io.castore.content.objectstore.ObjectBody;
import io.castore.content.objectstore.ObjectStore;
import io.castore.pipeline.records.UploadId;
import io.castore.proto.pipeline.ChunkReceipt;
import io.castore.proto.pipeline.ChunkReceipt.Result;
import io.castore.proto.pipeline.UploadEvent;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** An upload, and the records that are sent of it. */
record Upload(UploadId id, Digest blob, List<ChunkRef> chunks) {
  static final String STORE_ID = "the-store";
  static final String SOURCE = "file:///home/me/a.txt";
  static final long OPENED_AT_MS = 1_799_999_999_000L;

  /** An upload of the two chunks that the specification of the bucket gives as an example. */
  static Upload ofBlobB() {
    return new Upload(
        UploadId.random(),
        Digest.parse("a82c5154a7a0c262c6fdb929a317585646f8fbcf80326d0a7b8747edaf2d99d2"),
        List.of(
            new ChunkRef(
                Digest.parse("79445f0f1420045f8be59af5f7915cfd9182c978ece11a21913641e457fa9794"),
                524_288),
            new ChunkRef(
                Digest.parse("832c7fbdbe9a537273cfe0299195a09ba7d08b6da842ab25fea373d739e9c5ac"),
                520_192)));
  }

  /** An upload of so many chunks, no two the same. */
  static Upload of(int count) {
    Blake3 blob = new Blake3();
    List<ChunkRef> chunks = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      byte[] raw = raw(i);
      blob.update(raw, 0, raw.length);
      chunks.add(new ChunkRef(Blake3.hash(raw), raw.length));
    }
    return new Upload(UploadId.random(), blob.finish(), chunks);
  }

  long size() {
    return chunks.stream().mapToLong(ChunkRef::size).sum();
  }

  UploadEvent opened() {
    return UploadEvent.newBuilder()
        .setOpened(UploadEvent.Opened.newBuilder().setSource(SOURCE).setOpenedAtMs(OPENED_AT_MS))
        .build();
  }

  UploadEvent sealed() {
    return sealed(blob, size(), chunks.size());
  }

  static UploadEvent sealed(Digest blob, long size, long count) {
    return UploadEvent.newBuilder()
        .setSealed(
            UploadEvent.Sealed.newBuilder()
                .setBlobDigest(ByteString.copyFrom(blob.toBytes()))
                .setSize(size)
                .setChunkCount(count))
        .build();
  }

  /** Opened and sealed at once. */
  UploadEvent whole() {
    return UploadEvent.newBuilder()
        .setWhole(
            UploadEvent.Whole.newBuilder()
                .setOpened(opened().getOpened())
                .setSealed(sealed().getSealed()))
        .build();
  }

  static UploadEvent aborted(String reason) {
    return UploadEvent.newBuilder()
        .setAborted(UploadEvent.Aborted.newBuilder().setReason(reason))
        .build();
  }

  /** The chunk was new to the store where its place is even. */
  ChunkReceipt receipt(int seq) {
    return receipt(seq, seq % 2 == 0 ? Result.STORED : Result.DEDUPLICATED);
  }

  ChunkReceipt receipt(int seq, Result result) {
    return receipt(seq, chunks.get(seq), result);
  }

  static ChunkReceipt receipt(long seq, ChunkRef chunk, Result result) {
    return ChunkReceipt.newBuilder()
        .setSeq(seq)
        .setDigest(ByteString.copyFrom(chunk.digest().toBytes()))
        .setRawSize(Math.toIntExact(chunk.size()))
        .setResult(result)
        .setStoreId(STORE_ID)
        .build();
  }

  static boolean isClaimedChunk(Object record) {
    return record instanceof ChunkReceipt receipt && receipt.getClaimed();
  }

  /** The answer to the only chunk, which claimed the blob as well. */
  ChunkReceipt claimedChunk() {
    return receipt(0).toBuilder().setClaimed(true).build();
  }

  /** The answer to the claim of the upload's blob. */
  ChunkReceipt claimed() {
    return claimed(blob);
  }

  static ChunkReceipt claimed(Digest blob) {
    return ChunkReceipt.newBuilder()
        .setDigest(ByteString.copyFrom(blob.toBytes()))
        .setResult(Result.CLAIMED)
        .setStoreId(STORE_ID)
        .build();
  }

  static ChunkReceipt rejected(long seq, String reason) {
    return ChunkReceipt.newBuilder()
        .setSeq(seq)
        .setResult(Result.REJECTED)
        .setReason(reason)
        .setStoreId(STORE_ID)
        .build();
  }

  long newChunks() {
    return (chunks.size() + 1L) / 2;
  }

  long newBytes() {
    long bytes = 0;
    for (int seq = 0; seq < chunks.size(); seq += 2) {
      bytes += chunks.get(seq).size();
    }
    return bytes;
  }

  String key() {
    return BucketLayout.blobKey(blob);
  }

  /** What the blob's object has to be. */
  byte[] object() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    if (chunks.size() > 1) {
      for (ChunkRef chunk : chunks) {
        BlobIndex.writeEntry(chunk, out);
      }
    }
    return out.toByteArray();
  }

  /** Puts something under the key of each of these chunks. */
  static void store(ObjectStore store, Stream<ChunkRef> chunks) throws IOException {
    for (ChunkRef chunk : chunks.toList()) {
      store.put(BucketLayout.chunkKey(chunk.digest()), ObjectBody.of(new byte[] {1}));
    }
  }

  /** Stores the chunks of an upload that {@link #of} made. */
  void storeContent(ObjectStore store) throws IOException {
    for (int seq = 0; seq < chunks.size(); seq++) {
      store.put(
          BucketLayout.chunkKey(chunks.get(seq).digest()), ObjectBody.of(Zstd.compress(raw(seq))));
    }
  }

  private static byte[] raw(int seq) {
    return ("chunk number " + seq).getBytes(StandardCharsets.UTF_8);
  }

  static Optional<byte[]> read(ObjectStore store, String key) throws IOException {
    Optional<InputStream> object = store.open(key);
    if (object.isEmpty()) {
      return Optional.empty();
    }
    try (InputStream in = object.get()) {
      return Optional.of(in.readAllBytes());
    }
  }
}
