package io.castore.content.codec;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdOutputStreamNoFinalizer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HexFormat;

/** Makes zstd frames, sound ones and others, as other programs might. */
public final class Frames {
  private Frames() {}

  /** A frame that states its content's size. */
  public static byte[] stated(byte[] raw) {
    return Zstd.compress(raw, ChunkCodec.DEFAULT_LEVEL);
  }

  /** A frame that does not state its content's size, as stream encoders write it. */
  public static byte[] unstated(byte[] raw, int level) {
    ByteArrayOutputStream frame = new ByteArrayOutputStream();
    try (ZstdOutputStreamNoFinalizer out = new ZstdOutputStreamNoFinalizer(frame, level)) {
      out.write(raw);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return frame.toByteArray();
  }

  /** A header that states a content size of 8 bytes, and a single segment. */
  public static byte[] headerStating(long size) {
    byte[] header = HexFormat.of().parseHex("28b52ffde00000000000000000");
    for (int i = 0; i < Long.BYTES; i++) {
      header[5 + i] = (byte) (size >>> (8 * i));
    }
    return header;
  }

  /** A frame without a content size whose every block is 128 KiB of one byte: 4 bytes each. */
  public static byte[] bomb(int blocks) {
    ByteArrayOutputStream frame = new ByteArrayOutputStream();
    frame.writeBytes(HexFormat.of().parseHex("28b52ffd0070"));
    for (int i = 0; i < blocks; i++) {
      boolean last = i == blocks - 1;
      frame.writeBytes(HexFormat.of().parseHex(last ? "03001000" : "02001000"));
    }
    return frame.toByteArray();
  }
}
