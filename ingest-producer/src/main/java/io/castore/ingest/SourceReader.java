package io.castore.ingest;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.castore.content.chunking.ChunkSizes;
import io.castore.content.chunking.ContentSplitter;
import io.castore.content.chunking.FastCdc;
import io.castore.content.chunking.SplitContent;
import io.castore.content.codec.ChunkCodec;
import io.castore.content.digest.Digest;
import io.castore.pipeline.records.UploadId;
import io.castore.proto.pipeline.ChunkRecord;
import io.castore.proto.pipeline.UploadEvent;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Makes a stream into the chunk records of an upload, in one pass and in the memory of some chunks.
 *
 * <p>Not thread-safe: one instance belongs to one thread at a time, and is used for many streams.
 */
final class SourceReader {
  private final ContentSplitter splitter;
  private final ChunkCodec codec;

  /**
   * Reads with the help of other threads.
   *
   * @param helpers digest and compress chunks
   * @param helperCount how many they are, none or more
   */
  SourceReader(ChunkSizes sizes, int zstdLevel, Executor helpers, int helperCount) {
    splitter = new ContentSplitter(new FastCdc(sizes), helpers, helperCount);
    codec = new ChunkCodec(zstdLevel);
  }

  /** Takes the records as they are made. */
  @FunctionalInterface
  interface ChunkSink {
    /** Takes the next one. An exception ends the reading and reaches its caller. */
    void accept(Digest digest, ChunkRecord chunk) throws IOException;
  }

  /** Tells which chunks are referred to. Safe for use by many threads. */
  @FunctionalInterface
  interface Referable {
    /**
     * Whether a chunk is.
     *
     * @param length of its raw bytes
     */
    boolean test(Digest digest, int length);
  }

  /**
   * Reads a stream to its end.
   *
   * @param referable which chunks are referred to, without their bytes; asked on many threads
   * @return what the upload is sealed with
   * @throws IOException if the stream or the sink threw it
   */
  UploadEvent.Sealed read(InputStream in, UploadId id, Referable referable, ChunkSink sink)
      throws IOException {
    ByteString uploadId = UnsafeByteOperations.unsafeWrap(id.toBytes());
    long[] seq = {0};
    SplitContent content =
        splitter.split(
            in,
            (digest, buffer, offset, length) ->
                new Encoded(
                    digest,
                    length,
                    referable.test(digest, length) ? null : compress(buffer, offset, length)),
            chunk -> sink.accept(chunk.digest, chunk.toRecord(uploadId, seq[0]++)));
    return UploadEvent.Sealed.newBuilder()
        .setBlobDigest(UnsafeByteOperations.unsafeWrap(content.digest().toBytes()))
        .setSize(content.bytes())
        .setChunkCount(content.chunks())
        .build();
  }

  private ByteString compress(byte[] buffer, int offset, int length) {
    return UnsafeByteOperations.unsafeWrap(codec.compress(buffer, offset, length));
  }

  /** A chunk without its place; where there is no frame, it is referred to. */
  private record Encoded(Digest digest, int rawSize, @Nullable ByteString frame) {
    ChunkRecord toRecord(ByteString uploadId, long seq) {
      ChunkRecord.Builder chunk =
          ChunkRecord.newBuilder().setUploadId(uploadId).setSeq(seq).setRawSize(rawSize);
      if (frame == null) {
        chunk.setReference(ChunkRecord.Reference.getDefaultInstance());
      } else {
        chunk.setZstdFrame(frame);
      }
      return chunk.build();
    }
  }
}
