package io.castore.content.layout;

import io.castore.content.digest.Digest;
import java.io.IOException;

/**
 * A blob has more chunks than its reader was allowed to hold in memory. Nothing is wrong with the
 * blob; a reader with a higher bound, and the memory for it, can read it.
 */
public final class TooManyChunksException extends IOException {
  private static final long serialVersionUID = 1L;

  /** Says which blob and what the bound is. */
  public TooManyChunksException(Digest blob, int maxChunks) {
    super("chunks of blob " + blob + ": more than " + maxChunks + " (expected: no more)");
  }
}
