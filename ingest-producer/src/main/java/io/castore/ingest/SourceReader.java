package io.castore.ingest;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.castore.content.chunking.ChunkSizes;
import io.castore.content.chunking.ChunkSplitter;
import io.castore.content.codec.ChunkCodec;
import io.castore.content.digest.Blake3;
import io.castore.content.digest.Digest;
import io.castore.pipeline.records.UploadId;
import io.castore.proto.pipeline.ChunkRecord;
import io.castore.proto.pipeline.UploadEvent;
import java.io.IOException;
import java.io.InputStream;

/**
 * Makes a stream into the chunk records of an upload, in one pass and in the memory of one chunk.
 *
 * <p>Not thread-safe: one instance belongs to one thread at a time, and is used for many streams.
 */
final class SourceReader {
  private final ChunkSplitter splitter;
  private final ChunkCodec codec;

  SourceReader(ChunkSizes sizes, int zstdLevel) {
    splitter = new ChunkSplitter(sizes);
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
    Blake3 whole = new Blake3();
    ByteString uploadId = UnsafeByteOperations.unsafeWrap(id.toBytes());
    long[] seq = {0};
    ChunkSplitter.Totals totals =
        splitter.<IOException>split(
            in,
            (buffer, offset, length) -> {
              whole.update(buffer, offset, length);
              ChunkRecord chunk =
                  ChunkRecord.newBuilder()
                      .setUploadId(uploadId)
                      .setSeq(seq[0]++)
                      .setRawSize(length)
                      .setZstdFrame(
                          UnsafeByteOperations.unsafeWrap(codec.compress(buffer, offset, length)))
                      .build();
              sink.accept(Blake3.hash(buffer, offset, length), chunk);
            });
    return UploadEvent.Sealed.newBuilder()
        .setBlobDigest(UnsafeByteOperations.unsafeWrap(whole.finish().toBytes()))
        .setSize(totals.bytes())
        .setChunkCount(totals.chunks())
        .build();
  }
}
