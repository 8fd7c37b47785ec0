package io.castore.content.codec;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Objects;
import java.util.OptionalLong;

/**
 * Compresses chunks into zstd frames and back.
 *
 * <p>A frame made here states its content's size. One that is read here may come from any zstd
 * encoder, at any level, with or without a content size; but it has to be one frame, whole, alone,
 * without a dictionary, and with a window of at most 128 MiB. Decompression allocates no more than
 * the caller's bound, whatever the frame says.
 *
 * <p>Safe for use by many threads. For each thread that compresses, zstd's working memory is kept
 * (about 1 MiB at level 3 and 10 MiB at level 19), and an array as long as the longest chunk; for
 * each that decompresses, 160 KiB. Nothing has to be closed.
 */
public final class ChunkCodec {
  /** The level where none is chosen. */
  public static final int DEFAULT_LEVEL = 3;

  /** The lowest and fastest level. */
  public static final int MIN_LEVEL = 1;

  /** The highest and slowest level. */
  public static final int MAX_LEVEL = 19;

  /** Length of the longest header that a frame can have, in bytes. */
  public static final int LONGEST_FRAME_HEADER = 18;

  private static final ThreadLocal<Decompressor> DECOMPRESSORS =
      ThreadLocal.withInitial(Decompressor::new);

  private final ThreadLocal<Compressor> compressors;

  /**
   * Compresses at a level.
   *
   * @throws IllegalArgumentException if it is outside {@value #MIN_LEVEL} to {@value #MAX_LEVEL};
   *     its message can be shown to the person who chose it
   */
  public ChunkCodec(int level) {
    if (level < MIN_LEVEL || level > MAX_LEVEL) {
      throw new IllegalArgumentException(
          "zstd level: " + level + " (expected: " + MIN_LEVEL + " to " + MAX_LEVEL + ")");
    }
    compressors = ThreadLocal.withInitial(() -> new Compressor(level));
  }

  /** Gives the length up to which a frame of so many raw bytes is read, in bytes. */
  public static int maxFrameSize(int rawSize) {
    // More than zstd's own bound (1/256 of the content), for encoders that flush often.
    return rawSize + rawSize / 8 + 1024;
  }

  /** Compresses {@code length} bytes of an array, from {@code offset} on, into one frame. */
  public byte[] compress(byte[] bytes, int offset, int length) {
    Objects.checkFromIndexSize(offset, length, bytes.length);
    return compressors.get().compress(bytes, offset, length);
  }

  /**
   * Decompresses a frame whose content's size is known.
   *
   * @return an array of {@code rawSize} bytes
   * @throws CorruptFrameException if it is not one whole frame of that many bytes
   */
  public static byte[] decompress(byte[] frame, int rawSize) throws CorruptFrameException {
    byte[] raw = decompressAtMost(frame, rawSize);
    if (raw.length != rawSize) {
      throw wrongSize(raw.length, Integer.toString(rawSize));
    }
    return raw;
  }

  /**
   * Decompresses a frame whose content's size is not known.
   *
   * @throws CorruptFrameException if it is not one whole frame of at most {@code maxRawSize} bytes
   */
  public static byte[] decompressAtMost(byte[] frame, int maxRawSize) throws CorruptFrameException {
    ZstdFrame header = ZstdFrame.parseHeader(frame);
    OptionalLong stated = statedSize(header, maxRawSize);
    long most = header.checkBlocks(frame);
    byte[] raw = new byte[(int) Math.min(stated.orElse(most), maxRawSize)];
    try {
      int rawSize = DECOMPRESSORS.get().decompress(frame, raw);
      return rawSize == raw.length ? raw : Arrays.copyOf(raw, rawSize);
    } catch (ZstdException e) {
      String reason =
          e.getErrorCode() == Zstd.errDstSizeTooSmall()
              ? "raw size: more than " + raw.length + " bytes (expected: no more)"
              : "damaged zstd frame: " + e.getMessage();
      throw new CorruptFrameException(reason, e);
    }
  }

  /**
   * Reads a frame from a stream's first byte to its last, and no further than a content of {@code
   * maxRawSize} bytes can need. Does not close the stream.
   *
   * @throws CorruptFrameException if the stream holds more than {@link #maxFrameSize}
   * @throws IOException if reading fails
   */
  public static byte[] readFrame(InputStream in, int maxRawSize) throws IOException {
    int maxFrameSize = maxFrameSize(maxRawSize);
    byte[] frame = in.readNBytes(maxFrameSize);
    if (frame.length == maxFrameSize && in.read() >= 0) {
      throw new CorruptFrameException(
          "zstd frame: more than %d bytes (expected: no more for %d raw bytes)"
              .formatted(maxFrameSize, maxRawSize));
    }
    return frame;
  }

  /**
   * Tells what a frame states as its content's size. Nothing vouches for it until the frame was
   * decompressed.
   *
   * @param start the frame's first {@value #LONGEST_FRAME_HEADER} bytes or more, or all of a
   *     shorter frame
   * @return empty where the frame does not state it
   * @throws CorruptFrameException if it is not a frame, or states more than {@code maxRawSize}
   */
  public static OptionalLong statedSize(byte[] start, int maxRawSize) throws CorruptFrameException {
    return statedSize(ZstdFrame.parseHeader(start), maxRawSize);
  }

  private static OptionalLong statedSize(ZstdFrame header, int maxRawSize)
      throws CorruptFrameException {
    OptionalLong stated = header.contentSize();
    if (stated.isPresent() && Long.compareUnsigned(stated.getAsLong(), maxRawSize) > 0) {
      throw wrongSize(stated.getAsLong(), "at most " + maxRawSize);
    }
    return stated;
  }

  private static CorruptFrameException wrongSize(long size, String expected) {
    return new CorruptFrameException(
        "raw size: " + Long.toUnsignedString(size) + " bytes (expected: " + expected + ")");
  }
}
