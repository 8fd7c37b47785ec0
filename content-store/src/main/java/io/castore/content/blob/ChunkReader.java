package io.castore.content.blob;

import io.castore.content.chunking.ChunkSizes;
import io.castore.content.codec.ChunkCodec;
import io.castore.content.codec.CorruptFrameException;
import io.castore.content.digest.Blake3;
import io.castore.content.digest.Digest;
import io.castore.content.layout.BucketLayout;
import io.castore.content.layout.ChunkRef;
import io.castore.content.layout.CorruptObjectException;
import io.castore.content.objectstore.ObjectReader;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Reads chunks from a store, and gives none whose bytes do not have the digest that was asked for.
 *
 * <p>A call holds one chunk and its frame in memory, about 9 MiB for the largest. Safe for use by
 * many threads.
 */
public final class ChunkReader {
  /**
   * What is read of an object to tell the chunk's size: as much as costs a request little, so that
   * a small chunk need not be asked for again.
   */
  private static final int START_BYTES = 32 << 10;

  private final ObjectReader store;
  private final int maxChunkSize;

  /** Reads chunks of up to {@link ChunkSizes#LARGEST_LEGAL_CHUNK}. */
  public ChunkReader(ObjectReader store) {
    this(store, ChunkSizes.LARGEST_LEGAL_CHUNK);
  }

  /** Reads chunks of up to {@code maxChunkSize} raw bytes. Larger ones count as corrupt. */
  public ChunkReader(ObjectReader store, int maxChunkSize) {
    this.store = store;
    this.maxChunkSize = maxChunkSize;
  }

  /**
   * Reads a chunk whose size is not known.
   *
   * @return its raw bytes, or empty where it is not in the store
   * @throws CorruptObjectException if its object does not hold it
   * @throws IOException if the store cannot be read
   */
  public Optional<byte[]> read(Digest digest) throws IOException {
    return read(digest, maxChunkSize, ChunkCodec::decompressAtMost);
  }

  /**
   * Reads a chunk whose size is known.
   *
   * @return its raw bytes, as many as the size says, or empty where it is not in the store
   * @throws CorruptObjectException if its object does not hold it, or holds a chunk of another size
   * @throws IllegalArgumentException if the size is above what this reads
   * @throws IOException if the store cannot be read
   */
  public Optional<byte[]> read(ChunkRef chunk) throws IOException {
    if (chunk.size() > maxChunkSize) {
      throw new IllegalArgumentException(
          "size of chunk %s: %d bytes (expected: at most %d)"
              .formatted(chunk.digest(), chunk.size(), maxChunkSize));
    }
    return read(chunk.digest(), (int) chunk.size(), ChunkCodec::decompress);
  }

  /**
   * Tells the length of a chunk's raw bytes. Where its frame states it, only the object's first
   * bytes are read, and nothing vouches for the answer until the chunk is read, unless those were
   * all; otherwise the chunk is read and checked.
   *
   * @return length in bytes, or empty where the chunk is not in the store
   * @throws CorruptObjectException if its object does not hold it
   * @throws IOException if the store cannot be read
   */
  public OptionalLong size(Digest digest) throws IOException {
    Optional<ChunkStart> start = readStart(digest);
    if (start.isEmpty()) {
      return OptionalLong.empty();
    }
    OptionalLong known = start.get().size();
    if (known.isPresent()) {
      return known;
    }
    Optional<byte[]> raw = read(digest);
    return raw.isPresent() ? OptionalLong.of(raw.get().length) : OptionalLong.empty();
  }

  /**
   * Reads the first bytes of a chunk's object, which are all of a small one.
   *
   * @return what they tell, or empty where the chunk is not in the store
   * @throws CorruptObjectException if its object is no frame of a chunk
   * @throws IOException if the store cannot be read
   */
  public Optional<ChunkStart> readStart(Digest digest) throws IOException {
    String key = BucketLayout.chunkKey(digest);
    Optional<byte[]> read = store.readStart(key, START_BYTES);
    if (read.isEmpty()) {
      return Optional.empty();
    }
    byte[] start = read.get();
    if (start.length < START_BYTES) {
      try {
        byte[] raw = ChunkCodec.decompressAtMost(start, maxChunkSize);
        return Optional.of(new ChunkStart.Whole(verified(raw, digest)));
      } catch (CorruptFrameException damaged) {
        // Who reads it finds out; its size may be known for all that.
      }
    }
    try {
      return Optional.of(new ChunkStart.Part(ChunkCodec.statedSize(start, maxChunkSize)));
    } catch (CorruptFrameException e) {
      throw corrupt(key, e);
    }
  }

  private Optional<byte[]> read(Digest digest, int maxSize, Decompression decompression)
      throws IOException {
    String key = BucketLayout.chunkKey(digest);
    Optional<InputStream> object = store.open(key);
    if (object.isEmpty()) {
      return Optional.empty();
    }
    try (InputStream in = object.get()) {
      byte[] raw = decompression.apply(ChunkCodec.readFrame(in, maxSize), maxSize);
      return Optional.of(verified(raw, digest));
    } catch (CorruptFrameException e) {
      throw corrupt(key, e);
    }
  }

  private static byte[] verified(byte[] raw, Digest expected) throws CorruptFrameException {
    Digest actual = Blake3.hash(raw);
    if (!actual.equals(expected)) {
      throw new CorruptFrameException(
          "digest of its content: " + actual + " (expected: the key's)");
    }
    return raw;
  }

  private static CorruptObjectException corrupt(String key, CorruptFrameException cause) {
    return new CorruptObjectException(key, String.valueOf(cause.getMessage()), cause);
  }

  @FunctionalInterface
  private interface Decompression {
    byte[] apply(byte[] frame, int size) throws CorruptFrameException;
  }
}
