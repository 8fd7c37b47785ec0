package io.castore.content.digest;

/**
 * Hashes bytes with BLAKE3-256, at once or as they come.
 *
 * <p>Algorithm: <a href="https://github.com/BLAKE3-team/BLAKE3-specs">BLAKE3, one function, fast
 * everywhere</a>, in its hash mode.
 *
 * <p>Not thread-safe: one instance belongs to one thread at a time.
 */
public final class Blake3 {
  private final org.apache.commons.codec.digest.Blake3 state =
      org.apache.commons.codec.digest.Blake3.initHash();

  /** Hashes an array. */
  public static Digest hash(byte[] bytes) {
    return hash(bytes, 0, bytes.length);
  }

  /** Hashes {@code length} bytes of an array, from {@code offset} on. */
  public static Digest hash(byte[] bytes, int offset, int length) {
    return new Blake3().update(bytes, offset, length).finish();
  }

  /** Takes in more bytes. The array can be reused after the call. */
  public Blake3 update(byte[] bytes, int offset, int length) {
    state.update(bytes, offset, length);
    return this;
  }

  /**
   * Gives the digest of everything taken in since the start or the last call of this, and starts
   * anew.
   */
  public Digest finish() {
    byte[] digest = new byte[Digest.LENGTH];
    state.doFinalize(digest);
    state.reset();
    return Digest.of(digest);
  }
}
