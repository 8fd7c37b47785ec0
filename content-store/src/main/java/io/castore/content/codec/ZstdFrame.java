package io.castore.content.codec;

import java.util.OptionalLong;

/**
 * What a zstd frame says of itself, read without decompressing anything.
 *
 * <p>Format: <a href="https://www.rfc-editor.org/rfc/rfc8878#section-3.1.1">RFC 8878, section
 * 3.1.1</a>. Numbers are little-endian.
 *
 * <table>
 * <caption>A frame</caption>
 * <tr><th>bytes</th><th>what</th></tr>
 * <tr><td>4</td><td>magic number, {@code fd2fb528}</td></tr>
 * <tr><td>1</td><td>descriptor: bits 7-6 width of the content size, 5 single segment (no window
 *     descriptor), 2 checksum, 1-0 width of the dictionary's id</td></tr>
 * <tr><td>0 or 1</td><td>window descriptor: bits 7-3 exponent, 2-0 mantissa</td></tr>
 * <tr><td>0, 1, 2 or 4</td><td>id of the dictionary</td></tr>
 * <tr><td>0, 1, 2, 4 or 8</td><td>content size; 256 is added to one of 2 bytes</td></tr>
 * <tr><td>3 + n, repeated</td><td>block: bit 0 last, 2-1 type, 23-3 size; n is the size, but 1 for a
 *     block of type RLE</td></tr>
 * <tr><td>0 or 4</td><td>checksum</td></tr>
 * </table>
 *
 * <p>Immutable, and so safe for use by many threads.
 *
 * @param headerLength length of what comes before the first block, in bytes
 * @param contentSize length of the content, unsigned, where the frame states it
 * @param checksum whether a checksum follows the blocks
 */
record ZstdFrame(int headerLength, OptionalLong contentSize, boolean checksum) {
  /**
   * The largest window: 128 MiB. Levels up to 22 stay within it, and zstd's stream decoders, which
   * other programs read chunks with, refuse more by default.
   */
  static final long LARGEST_WINDOW = 1L << 27;

  private static final int MAGIC = 0xfd2fb528;
  private static final int MAGIC_LENGTH = 4;
  private static final int CHECKSUM_LENGTH = 4;
  private static final int BLOCK_HEADER_LENGTH = 3;
  private static final int LARGEST_BLOCK = 128 * 1024;
  private static final int RAW_BLOCK = 0;
  private static final int RLE_BLOCK = 1;
  private static final int RESERVED_BLOCK = 3;
  private static final int[] DICTIONARY_ID_LENGTHS = {0, 1, 2, 4};

  /**
   * Reads a frame's header. What follows it need not be there.
   *
   * @throws CorruptFrameException if it is not a zstd frame's, or asks for a dictionary or too
   *     large a window
   */
  static ZstdFrame parseHeader(byte[] bytes) throws CorruptFrameException {
    int length = bytes.length;
    if (length < MAGIC_LENGTH + 1) {
      throw truncated(length);
    }
    int magic = (int) littleEndian(bytes, 0, MAGIC_LENGTH);
    if (magic != MAGIC) {
      throw new CorruptFrameException(
          "not a zstd frame: it begins with %08x (expected: %08x)".formatted(magic, MAGIC));
    }
    int descriptor = bytes[MAGIC_LENGTH] & 0xff;
    boolean singleSegment = (descriptor & 0x20) != 0;
    int windowLength = singleSegment ? 0 : 1;
    int dictionaryIdLength = DICTIONARY_ID_LENGTHS[descriptor & 3];
    int sizeWidth = descriptor >>> 6;
    int sizeLength = sizeWidth == 0 && !singleSegment ? 0 : 1 << sizeWidth;
    int windowAt = MAGIC_LENGTH + 1;
    int sizeAt = windowAt + windowLength + dictionaryIdLength;
    int headerLength = sizeAt + sizeLength;
    if (length < headerLength) {
      throw truncated(length);
    }
    if (littleEndian(bytes, windowAt + windowLength, dictionaryIdLength) != 0) {
      throw new CorruptFrameException("zstd frame needs a dictionary (expected: none)");
    }
    long size = littleEndian(bytes, sizeAt, sizeLength) + (sizeLength == 2 ? 256 : 0);
    long window = singleSegment ? size : windowSize(bytes[windowAt] & 0xff);
    if (Long.compareUnsigned(window, LARGEST_WINDOW) > 0) {
      throw new CorruptFrameException(
          "zstd frame's window: "
              + Long.toUnsignedString(window)
              + " bytes (expected: at most "
              + LARGEST_WINDOW
              + ")");
    }
    return new ZstdFrame(
        headerLength,
        sizeLength == 0 ? OptionalLong.empty() : OptionalLong.of(size),
        (descriptor & 4) != 0);
  }

  /**
   * Walks the frame's blocks.
   *
   * @return how long the content can be at most, in bytes
   * @throws CorruptFrameException unless the bytes hold this frame, whole, and nothing after it
   */
  long checkBlocks(byte[] bytes) throws CorruptFrameException {
    int length = bytes.length;
    long largestContent = 0;
    int at = headerLength;
    boolean last = false;
    while (!last) {
      if (length - at < BLOCK_HEADER_LENGTH) {
        throw truncated(length);
      }
      int header = (int) littleEndian(bytes, at, BLOCK_HEADER_LENGTH);
      last = (header & 1) != 0;
      int type = (header >>> 1) & 3;
      int size = header >>> 3;
      if (type == RESERVED_BLOCK || size > LARGEST_BLOCK) {
        throw new CorruptFrameException(
            "zstd block at byte %d: type %d, %d bytes (expected: type 0 to 2, at most %d bytes)"
                .formatted(at, type, size, LARGEST_BLOCK));
      }
      int storedSize = type == RLE_BLOCK ? 1 : size;
      if (length - at - BLOCK_HEADER_LENGTH < storedSize) {
        throw truncated(length);
      }
      largestContent += type == RAW_BLOCK || type == RLE_BLOCK ? size : LARGEST_BLOCK;
      at += BLOCK_HEADER_LENGTH + storedSize;
    }
    at += checksum ? CHECKSUM_LENGTH : 0;
    if (at > length) {
      throw truncated(length);
    }
    if (at < length) {
      throw new CorruptFrameException(
          "zstd frame ends at byte " + at + " of " + length + " (expected: nothing after it)");
    }
    return largestContent;
  }

  private static long windowSize(int descriptor) {
    long base = 1L << (10 + (descriptor >>> 3));
    return base + (base >>> 3) * (descriptor & 7);
  }

  private static long littleEndian(byte[] bytes, int offset, int length) {
    long value = 0;
    for (int i = length - 1; i >= 0; i--) {
      value = (value << 8) | (bytes[offset + i] & 0xff);
    }
    return value;
  }

  private static CorruptFrameException truncated(int length) {
    return new CorruptFrameException("zstd frame is cut off after " + length + " bytes");
  }
}
