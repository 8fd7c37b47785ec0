package io.castore.content.chunking;

/**
 * How large castore's chunks are. The average alone is chosen; the smallest chunk is half of it and
 * the largest is twice it. Only the last chunk of a content may be shorter than the smallest.
 *
 * <p>The same content cut with another average shares no chunks with what is in the store, though
 * it can be read beside it.
 *
 * @param averageBytes average length of a chunk, in bytes
 */
public record ChunkSizes(int averageBytes) {
  /** The smallest average that can be chosen. */
  public static final int MIN_AVERAGE_BYTES = 512;

  /** The largest average that can be chosen: 2 MiB. */
  public static final int MAX_AVERAGE_BYTES = 2_097_152;

  /** The average where none is chosen: 256 KiB. */
  public static final int DEFAULT_AVERAGE_BYTES = 262_144;

  /** Length of the largest chunk that any choice can give, in bytes: 4 MiB. */
  public static final int LARGEST_LEGAL_CHUNK = 2 * MAX_AVERAGE_BYTES;

  /** The sizes where none are chosen. */
  public static final ChunkSizes DEFAULT = new ChunkSizes(DEFAULT_AVERAGE_BYTES);

  /**
   * Chooses the average.
   *
   * @throws IllegalArgumentException if it is outside {@value #MIN_AVERAGE_BYTES} to {@value
   *     #MAX_AVERAGE_BYTES}; its message can be shown to the person who chose it
   */
  public ChunkSizes {
    if (averageBytes < MIN_AVERAGE_BYTES || averageBytes > MAX_AVERAGE_BYTES) {
      throw new IllegalArgumentException(
          "average chunk size: "
              + averageBytes
              + " bytes (expected: "
              + MIN_AVERAGE_BYTES
              + " to "
              + MAX_AVERAGE_BYTES
              + ")");
    }
  }

  /** Gives the length of the smallest chunk, except for the last one of a content, in bytes. */
  public int minBytes() {
    return averageBytes / 2;
  }

  /** Gives the length of the largest chunk, in bytes. */
  public int maxBytes() {
    return averageBytes * 2;
  }
}
