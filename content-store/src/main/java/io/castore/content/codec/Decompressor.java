package io.castore.content.codec;

import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import java.lang.ref.Cleaner;

/**
 * zstd's working memory for reading frames, which is used again and again: for a small frame it
 * takes longer to make than to use.
 *
 * <p>Not thread-safe: one instance belongs to one thread at a time. There is nothing to close; the
 * native memory is given back some time after nothing refers to this any more.
 */
final class Decompressor {
  private static final Cleaner cleaner = Cleaner.create();

  private final ZstdDecompressCtx context = new ZstdDecompressCtx();

  @SuppressWarnings("this-escape") // It is complete by then.
  Decompressor() {
    ZstdDecompressCtx closed = context;
    cleaner.register(this, closed::close);
  }

  /**
   * Decompresses a frame; the next one is not affected by a failure.
   *
   * @return how many bytes it has
   * @throws ZstdException if it is damaged, or longer than the target
   */
  int decompress(byte[] frame, byte[] target) {
    return context.decompressByteArray(target, 0, target.length, frame, 0, frame.length);
  }
}
