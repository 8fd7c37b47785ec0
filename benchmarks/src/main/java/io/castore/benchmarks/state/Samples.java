package io.castore.benchmarks.state;

import com.google.protobuf.ByteString;
import com.google.protobuf.MessageLite;
import io.castore.benchmarks.state.Sample.Entry;
import io.castore.proto.pipeline.ChunkReceipt;
import io.castore.proto.pipeline.SourceEntry;
import io.castore.proto.pipeline.SourceVersion;
import io.castore.proto.pipeline.UploadEvent;
import io.castore.proto.pipeline.UploadStatus;
import io.castore.proto.state.ClaimedBlob;
import io.castore.proto.state.RecordPosition;
import io.castore.proto.state.StoredChunk;
import io.castore.proto.state.UploadHeader;
import java.util.List;
import java.util.SplittableRandom;

/**
 * What is kept of chunks and uploads: the messages that the topologies write, with digests, offsets
 * and sizes as they are after some millions of chunks, and names of 61 characters.
 */
public final class Samples {
  static final long NOW_MS = 1_800_000_000_000L;
  static final String STORE_ID = "0a1b2c3d-4e5f-4071-8293-a4b5c6d7e8f9";

  private static final int DIGEST_BYTES = 32;
  private static final int UPLOAD_ID_BYTES = 16;
  private static final int PARTITIONS = 64;
  private static final int AVERAGE_CHUNK = 256 << 10;
  private static final int CHUNKS_OF_UPLOAD = 8;

  private Samples() {}

  static List<Sample> stores() {
    return List.of(
        storedChunks(),
        new Sample("claimed-blobs", Samples::claimedBlob),
        new Sample("uploads", Samples::upload),
        new Sample("newest-sources", Samples::source));
  }

  static List<Sample> topics() {
    return List.of(
        new Sample("chunk-receipts", Samples::receipt),
        new Sample("uploads, opened", Samples::opened),
        new Sample("uploads, sealed", Samples::sealed),
        new Sample("upload-status", number -> entry(number, UPLOAD_ID_BYTES, status(number))),
        new Sample("sources", Samples::source),
        new Sample("stored-chunks-changelog", Samples::storedChunk),
        new Sample("uploads-changelog", Samples::upload));
  }

  /** What the chunker keeps of each chunk, and the same in the changelog of that. */
  public static Sample storedChunks() {
    return new Sample("stored-chunks", Samples::storedChunk);
  }

  private static Entry storedChunk(int number) {
    SplittableRandom random = new SplittableRandom(number);
    int rawSize = random.nextInt(AVERAGE_CHUNK / 2, AVERAGE_CHUNK * 2);
    return entry(
        number,
        DIGEST_BYTES,
        StoredChunk.newBuilder()
            .setSource(
                RecordPosition.newBuilder()
                    .setTopic("castore.chunks")
                    .setPartition(number % PARTITIONS)
                    .setOffset(10_000_000L + number))
            .setStoredAtMs(NOW_MS + number)
            .setStoredSize(random.nextInt(rawSize / 2, rawSize))
            .setRawSize(rawSize)
            .setReferredOffset(10_000_000L + number)
            .build());
  }

  private static Entry claimedBlob(int number) {
    return entry(
        number,
        DIGEST_BYTES,
        ClaimedBlob.newBuilder().setClaimedOffset(10_000_000L + number).build());
  }

  private static Entry upload(int number) {
    return entry(
        number,
        UPLOAD_ID_BYTES,
        UploadHeader.newBuilder()
            .setStatus(status(number))
            .setEndedBy(
                RecordPosition.newBuilder()
                    .setTopic("castore.chunk-receipts")
                    .setPartition(number % PARTITIONS)
                    .setOffset(10_000_000L + number))
            .setClaimed(true)
            .build());
  }

  private static Entry source(int number) {
    return new Entry(
        ByteString.copyFromUtf8(name(number)),
        SourceEntry.newBuilder()
            .setVersion(version(number))
            .setBlobDigest(random(number, DIGEST_BYTES))
            .setSize(sizeOf(number))
            .setUploadId(random(number, UPLOAD_ID_BYTES))
            .setOpenedAtMs(NOW_MS + number)
            .setCompletedAtMs(NOW_MS + number)
            .build()
            .toByteString());
  }

  private static Entry receipt(int number) {
    return entry(
        number,
        UPLOAD_ID_BYTES,
        ChunkReceipt.newBuilder()
            .setSeq(number % CHUNKS_OF_UPLOAD)
            .setDigest(random(number, DIGEST_BYTES))
            .setRawSize(AVERAGE_CHUNK)
            .setResult(ChunkReceipt.Result.STORED)
            .setStoreId(STORE_ID)
            .build());
  }

  private static Entry opened(int number) {
    return entry(
        number,
        UPLOAD_ID_BYTES,
        UploadEvent.newBuilder()
            .setOpened(
                UploadEvent.Opened.newBuilder()
                    .setSource(name(number))
                    .setOpenedAtMs(NOW_MS + number)
                    .setVersion(version(number)))
            .build());
  }

  private static Entry sealed(int number) {
    UploadEvent.Sealed.Builder sealed =
        UploadEvent.Sealed.newBuilder()
            .setBlobDigest(random(number, DIGEST_BYTES))
            .setSize(sizeOf(number))
            .setChunkCount(CHUNKS_OF_UPLOAD);
    for (int chunk = 0; chunk < CHUNKS_OF_UPLOAD; chunk++) {
      sealed.addChunkRecords(
          UploadEvent.PartitionRange.newBuilder()
              .setPartition(chunk * CHUNKS_OF_UPLOAD)
              .setFirstOffset(10_000_000L + number)
              .setEndOffset(10_000_001L + number));
    }
    return entry(number, UPLOAD_ID_BYTES, UploadEvent.newBuilder().setSealed(sealed).build());
  }

  private static UploadStatus status(int number) {
    return UploadStatus.newBuilder()
        .setState(UploadStatus.State.COMPLETE)
        .setSource(name(number))
        .setOpenedAtMs(NOW_MS + number)
        .setUpdatedAtMs(NOW_MS + number)
        .setBlobDigest(random(number, DIGEST_BYTES))
        .setSize(sizeOf(number))
        .setChunkCount(CHUNKS_OF_UPLOAD)
        .setChunksReceived(CHUNKS_OF_UPLOAD)
        .setBytesReceived(sizeOf(number))
        .setNewChunks(CHUNKS_OF_UPLOAD / 2)
        .setNewBytes(sizeOf(number) / 2)
        .setSourceVersion(version(number))
        .build();
  }

  private static long sizeOf(int number) {
    return (long) CHUNKS_OF_UPLOAD * AVERAGE_CHUNK + number;
  }

  private static SourceVersion version(int number) {
    return SourceVersion.newBuilder()
        .setEtag("%032x".formatted(number * 0x9e3779b97f4a7c15L))
        .build();
  }

  private static String name(int number) {
    return "s3://some-bucket/some/prefix/2026/11/23/picture-%09d.jpg".formatted(number);
  }

  private static Entry entry(int number, int keyBytes, MessageLite value) {
    return new Entry(random(~number, keyBytes), value.toByteString());
  }

  private static ByteString random(int seed, int length) {
    byte[] bytes = new byte[length];
    new SplittableRandom(seed).nextBytes(bytes);
    return ByteString.copyFrom(bytes);
  }
}
