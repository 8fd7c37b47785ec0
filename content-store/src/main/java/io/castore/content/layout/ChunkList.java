package io.castore.content.layout;

import io.castore.content.digest.Digest;
import java.util.Arrays;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The chunks that a blob consists of, in the order of its content: none where the blob is empty,
 * one that has the blob's own digest, or more.
 *
 * <p>Takes {@value #BYTES_A_CHUNK} bytes of memory a chunk, and up to an eighth more. Immutable,
 * and so safe for use by many threads.
 */
public final class ChunkList {
  /** Memory that a list takes for each of its chunks, in bytes. */
  public static final int BYTES_A_CHUNK = Digest.LENGTH + Long.BYTES;

  private final Digest blob;
  private final int count;
  private final byte[] digests;

  /** Where each chunk ends in the blob. */
  private final long[] ends;

  private ChunkList(Builder builder) {
    blob = builder.blob;
    count = builder.count;
    boolean roomy = builder.ends.length - count > count / 8;
    digests = roomy ? Arrays.copyOf(builder.digests, count * Digest.LENGTH) : builder.digests;
    ends = roomy ? Arrays.copyOf(builder.ends, count) : builder.ends;
  }

  /** Starts the list of a blob's chunks. */
  public static Builder builder(Digest blob) {
    return new Builder(blob, Builder.FIRST_CAPACITY);
  }

  /**
   * Starts the list of a blob's chunks, with room for so many. Up to there it takes no more memory
   * while it grows than it does in the end.
   */
  public static Builder builder(Digest blob, int capacity) {
    return new Builder(blob, Math.max(Builder.FIRST_CAPACITY, capacity));
  }

  /**
   * Lists a blob's chunks.
   *
   * @throws IllegalArgumentException if they cannot be that blob's
   */
  public static ChunkList of(Digest blob, ChunkRef... chunks) {
    Builder builder = builder(blob);
    for (ChunkRef chunk : chunks) {
      builder.add(chunk);
    }
    return builder.build();
  }

  /** Gives the digest of the blob's content. */
  public Digest blob() {
    return blob;
  }

  /** Tells how many chunks there are. */
  public int count() {
    return count;
  }

  /** Gives the length of the blob's content, in bytes. */
  public long size() {
    return count == 0 ? 0 : ends[count - 1];
  }

  /** Tells how much memory the list takes, in bytes. */
  public long memoryBytes() {
    return (long) ends.length * BYTES_A_CHUNK;
  }

  /** Gives a chunk by its place, from 0. */
  public ChunkRef get(int index) {
    Objects.checkIndex(index, count);
    return new ChunkRef(Digest.of(digests, index * Digest.LENGTH), ends[index] - offset(index));
  }

  /** Tells where a chunk starts in the blob, by its place, from 0. */
  public long offset(int index) {
    Objects.checkIndex(index, count);
    return index == 0 ? 0 : ends[index - 1];
  }

  /** Gives the place of the chunk that holds a byte of the blob, both from 0. */
  public int indexAt(long offset) {
    Objects.checkIndex(offset, size());
    int found = Arrays.binarySearch(ends, 0, count, offset + 1);
    return found >= 0 ? found : -found - 1;
  }

  /** Gives the chunks in order. */
  public Stream<ChunkRef> stream() {
    return IntStream.range(0, count).mapToObj(this::get);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ChunkList list
        && blob.equals(list.blob)
        && count == list.count
        && Arrays.equals(ends, 0, count, list.ends, 0, count)
        && Arrays.equals(digests, 0, count * Digest.LENGTH, list.digests, 0, count * Digest.LENGTH);
  }

  @Override
  public int hashCode() {
    return Objects.hash(blob, count);
  }

  @Override
  public String toString() {
    return "blob " + blob + " of " + size() + " bytes in " + count + " chunks";
  }

  /** Takes the chunks of a list, in order. Not thread-safe. */
  public static final class Builder {
    private static final int FIRST_CAPACITY = 4;
    private static final int MOST_CHUNKS = Integer.MAX_VALUE / Digest.LENGTH - 1;

    private final Digest blob;
    private int count;
    private byte[] digests;
    private long[] ends;

    private Builder(Digest blob, int capacity) {
      this.blob = blob;
      this.digests = new byte[Math.multiplyExact(capacity, Digest.LENGTH)];
      this.ends = new long[capacity];
    }

    /**
     * Adds the next chunk.
     *
     * @throws IllegalArgumentException if the blob would be longer than {@link Long#MAX_VALUE}
     *     bytes
     * @throws IllegalStateException if there are 67,108,862 chunks already
     */
    public Builder add(ChunkRef chunk) {
      long start = count == 0 ? 0 : ends[count - 1];
      if (chunk.size() > Long.MAX_VALUE - start) {
        throw new IllegalArgumentException(
            "size of blob %s: more than %d bytes (expected: no more)"
                .formatted(blob, Long.MAX_VALUE));
      }
      if (count == ends.length) {
        grow();
      }
      chunk.digest().copyTo(digests, count * Digest.LENGTH);
      ends[count] = start + chunk.size();
      count++;
      return this;
    }

    /**
     * Ends the list. The builder is not to be used again.
     *
     * @throws IllegalArgumentException if these cannot be the blob's chunks: the empty blob has
     *     any, another one has none, or a single one has another digest than the blob
     */
    public ChunkList build() {
      boolean possible =
          switch (count) {
            case 0 -> blob.equals(Digest.EMPTY);
            case 1 -> blob.equals(Digest.of(digests, 0));
            default -> !blob.equals(Digest.EMPTY);
          };
      if (!possible) {
        throw new IllegalArgumentException(
            "chunks of blob %s: %s (expected: none for the empty blob, or one of the same digest, or more)"
                .formatted(
                    blob, count == 1 ? "one, " + Digest.of(digests, 0) : Integer.toString(count)));
      }
      return new ChunkList(this);
    }

    private void grow() {
      if (count == MOST_CHUNKS) {
        throw new IllegalStateException(
            "chunks of blob " + blob + ": more than " + MOST_CHUNKS + " (expected: no more)");
      }
      int capacity = (int) Math.min(2L * count, MOST_CHUNKS);
      digests = Arrays.copyOf(digests, capacity * Digest.LENGTH);
      ends = Arrays.copyOf(ends, capacity);
    }
  }
}
