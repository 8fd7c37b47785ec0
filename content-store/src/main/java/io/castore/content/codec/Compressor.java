package io.castore.content.codec;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import java.lang.ref.Cleaner;
import java.util.Arrays;

/**
 * zstd's working memory and an array for what it gives, which are used again and again: some tenths
 * of the time are lost where they are made for each chunk.
 *
 * <p>Not thread-safe: one instance belongs to one thread at a time. There is nothing to close; the
 * native memory is given back some time after nothing refers to this any more.
 */
final class Compressor {
  private static final Cleaner cleaner = Cleaner.create();

  private final ZstdCompressCtx context = new ZstdCompressCtx();
  private byte[] frame = new byte[0];

  @SuppressWarnings("this-escape") // It is complete by then.
  Compressor(int level) {
    context.setLevel(level);
    ZstdCompressCtx closed = context;
    cleaner.register(this, closed::close);
  }

  byte[] compress(byte[] bytes, int offset, int length) {
    int bound = Math.toIntExact(Zstd.compressBound(length));
    if (frame.length < bound) {
      frame = new byte[bound];
    }
    int frameLength = context.compressByteArray(frame, 0, frame.length, bytes, offset, length);
    return Arrays.copyOf(frame, frameLength);
  }
}
