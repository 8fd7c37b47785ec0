package io.castore.audit.verify;

/**
 * How a store is verified.
 *
 * @param samplePercent how many of the chunks are read, 0 to 100; all are looked for
 * @param isDeep whether blobs are read, and their digests checked
 * @param resumes whether it goes on where the one before was stopped
 * @param bytesPerSecond how fast the store is read; 0 for no bound
 * @param threads how many threads read
 */
public record VerifyOptions(
    double samplePercent, boolean isDeep, boolean resumes, long bytesPerSecond, int threads) {
  /** Reads every chunk, from the beginning. */
  public static final VerifyOptions ALL = new VerifyOptions(100, false, false, 0, 4);

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException if one is out of range; the message can be shown to a person
   */
  public VerifyOptions {
    if (!(samplePercent >= 0 && samplePercent <= 100)) {
      throw new IllegalArgumentException(
          "sample: " + samplePercent + " percent (expected: 0 to 100)");
    }
    if (bytesPerSecond < 0) {
      throw new IllegalArgumentException(
          "rate: " + bytesPerSecond + " bytes a second (expected: at least 0)");
    }
    if (threads < 1) {
      throw new IllegalArgumentException("threads: " + threads + " (expected: at least 1)");
    }
  }
}
