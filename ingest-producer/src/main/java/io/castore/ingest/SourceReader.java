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

  /**
   * Reads a stream to its end.
   *
   * @return what the upload is sealed with
   * @throws IOException if the stream or the sink threw it
   */
  UploadEvent.Sealed read(InputStream in, UploadId id, ChunkSink sink) throws IOException {
    ByteString uploadId = UnsafeByteOperations.unsafeWrap(id.toBytes());
    long[] seq = {0};
    SplitContent content =
        splitter.split(
            in,
            this::compress,
            chunk ->
                sink.accept(
                    chunk.digest(),
                    ChunkRecord.newBuilder()
                        .setUploadId(uploadId)
                        .setSeq(seq[0]++)
                        .setRawSize(chunk.rawSize())
                        .setZstdFrame(chunk.frame())
                        .build()));
    return UploadEvent.Sealed.newBuilder()
        .setBlobDigest(UnsafeByteOperations.unsafeWrap(content.digest().toBytes()))
        .setSize(content.bytes())
        .setChunkCount(content.chunks())
        .build();
  }

  private CompressedChunk compress(Digest digest, byte[] buffer, int offset, int length) {
    ByteString frame = UnsafeByteOperations.unsafeWrap(codec.compress(buffer, offset, length));
    return new CompressedChunk(digest, length, frame);
  }

  private record CompressedChunk(Digest digest, int rawSize, ByteString frame) {}
}
