package io.castore.content.codec;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Bytes are not what a chunk's object may be: one whole zstd frame of a bounded content. Trying
 * again with the same bytes cannot help; the caller rejects them, saying whose they are.
 */
public final class CorruptFrameException extends IOException {
  private static final long serialVersionUID = 1L;

  /** Says what is wrong, in the form {@code value: x (expected: …)} where there is a value. */
  public CorruptFrameException(String reason) {
    this(reason, null);
  }

  CorruptFrameException(String reason, @Nullable Throwable cause) {
    super(reason, cause);
  }
}
