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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Predicate;
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
   * @param awaitingBytes how many bytes of chunks may be held while the first of them awaits
   *     whether it is referred to, where that is more than is held anyway
   */
  SourceReader(
      ChunkSizes sizes, int zstdLevel, Executor helpers, int helperCount, long awaitingBytes) {
    splitter = new ContentSplitter(new FastCdc(sizes), helpers, helperCount, awaitingBytes);
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
    /** What is told of a chunk that is referred to. */
    CompletableFuture<Boolean> YES = CompletableFuture.completedFuture(true);

    /** What is told of a chunk that is sent. */
    CompletableFuture<Boolean> NO = CompletableFuture.completedFuture(false);

    /**
     * Asks whether a chunk is, and does not wait for the answer.
     *
     * @param length of its raw bytes
     * @return completed by whichever thread, within a second; never fails
     */
    CompletableFuture<Boolean> ask(Digest digest, int length);

    /** Tells at once. */
    static Referable of(Predicate<Digest> referredTo) {
      return (digest, length) -> referredTo.test(digest) ? YES : NO;
    }
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
            new References(referable),
            (digest, buffer, offset, length) ->
                new Encoded(digest, length, compress(buffer, offset, length)),
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

  /** Takes chunks that are referred to for known ones. */
  private record References(Referable referable) implements ContentSplitter.ChunkLookup<Encoded> {
    @Override
    public CompletableFuture<Boolean> isKnown(Digest digest, int length) {
      return referable.ask(digest, length);
    }

    @Override
    public Encoded refer(Digest digest, int length) {
      return new Encoded(digest, length, null);
    }
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
