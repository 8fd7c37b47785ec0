package io.castore.content.blob;

import io.castore.content.chunking.ChunkSizes;
import io.castore.content.digest.Digest;
import io.castore.content.layout.BlobIndex;
import io.castore.content.layout.BucketLayout;
import io.castore.content.layout.ChunkList;
import io.castore.content.layout.ChunkRef;
import io.castore.content.layout.CorruptObjectException;
import io.castore.content.layout.TooManyChunksException;
import io.castore.content.objectstore.ObjectReader;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Finds blobs in a store and reads them. What is under a digest may have been written by this
 * program or by another one that keeps the same layout; {@code docs/formats.md} lists what is read.
 *
 * <p>Every chunk that is given was checked against its digest. Whether the chunks together have the
 * blob's digest is not checked here.
 *
 * <p>Safe for use by many threads; the streams it opens are not.
 */
public final class BlobReader {
  /**
   * How many chunks a blob may have where nothing else is said: 16,777,216, or 4 TiB of content at
   * the default sizes. A list of so many takes 640 MiB of memory.
   */
  public static final int DEFAULT_MAX_CHUNKS = 1 << 24;

  private final ObjectReader store;
  private final ChunkReader chunks;
  private final int maxChunkSize;
  private final int maxChunks;

  /**
   * Reads blobs of up to {@link #DEFAULT_MAX_CHUNKS} chunks of up to {@link
   * ChunkSizes#LARGEST_LEGAL_CHUNK}.
   */
  public BlobReader(ObjectReader store) {
    this(store, ChunkSizes.LARGEST_LEGAL_CHUNK, DEFAULT_MAX_CHUNKS);
  }

  /** Reads blobs of up to {@code maxChunks} chunks of up to {@code maxChunkSize} raw bytes. */
  public BlobReader(ObjectReader store, int maxChunkSize, int maxChunks) {
    this.store = store;
    this.chunks = new ChunkReader(store, maxChunkSize);
    this.maxChunkSize = maxChunkSize;
    this.maxChunks = maxChunks;
  }

  /**
   * Finds what a digest names: a blob, or a chunk, which counts as a blob of one chunk. The empty
   * blob is always found.
   *
   * <p>The size of a single chunk comes from its frame's header where that states it, and proves
   * true or false when the chunk is read.
   *
   * @return its chunks, or empty where the store has neither a blob nor a chunk of that digest
   * @throws MissingChunkException if the blob is a single chunk that is not in the store. Chunks of
   *     longer lists are not looked for
   * @throws CorruptObjectException if the blob's object is no list of chunks, or the single chunk's
   *     object no chunk
   * @throws TooManyChunksException if the list is too long to be held
   * @throws IOException if the store cannot be read
   */
  public Optional<ChunkList> find(Digest digest) throws IOException {
    if (digest.equals(Digest.EMPTY)) {
      return Optional.of(ChunkList.of(digest));
    }
    Optional<InputStream> index = store.open(BucketLayout.blobKey(digest));
    if (index.isPresent()) {
      try (InputStream in = index.get()) {
        Optional<ChunkList> list = BlobIndex.parse(digest, in, maxChunkSize, maxChunks);
        if (list.isPresent()) {
          return list;
        }
      }
    }
    OptionalLong size = chunks.size(digest);
    if (size.isPresent()) {
      return Optional.of(single(digest, size.getAsLong()));
    }
    if (index.isPresent()) {
      throw new MissingChunkException(digest, digest);
    }
    return Optional.empty();
  }

  /** Opens a blob's content. See {@link #open(ChunkList, long, long)}. */
  public InputStream open(ChunkList blob) {
    return open(blob, 0, blob.size());
  }

  /**
   * Opens a part of a blob's content. Reads only the chunks that hold the part, each when its first
   * byte is asked for, and holds one at a time.
   *
   * <p>The stream's reads throw {@link MissingChunkException} where a chunk is not in the store,
   * {@link CorruptObjectException} where an object does not hold the chunk that the list tells of,
   * and any other {@link IOException} where the store cannot be read.
   *
   * @param offset where the part starts, in bytes
   * @param length how long it is, in bytes
   * @throws IllegalArgumentException if the part is not within the blob
   */
  public InputStream open(ChunkList blob, long offset, long length) {
    if (offset < 0 || length < 0 || length > blob.size() - offset) {
      throw new IllegalArgumentException(
          "offset: %d, length: %d (expected: within the blob's %d bytes)"
              .formatted(offset, length, blob.size()));
    }
    return new BlobInputStream(chunks, blob, offset, offset + length);
  }

  private static ChunkList single(Digest digest, long size) throws CorruptObjectException {
    if (size == 0) {
      throw new CorruptObjectException(
          BucketLayout.chunkKey(digest), "raw size: 0 bytes (expected: at least 1)");
    }
    return ChunkList.of(digest, new ChunkRef(digest, size));
  }
}
