package io.castore.cli.bench;

/**
 * What the machine does at the most, all cores at work: under which nothing that reads, cuts,
 * hashes, compresses and writes can come. Rates are in bytes a second; of file creation the time
 * that each of many takes.
 *
 * @param copy memory to memory
 * @param fastCdc finding cuts
 * @param blake3 hashing
 * @param compress zstd, at the level of the store
 * @param decompress the same back
 * @param objectSeconds a file of a store: written under another name, synced, renamed, and its
 *     directory synced
 * @param fileSeconds a file that is made and written
 * @param lookSeconds a file whose length and time are read
 */
record Floors(
    double copy,
    double fastCdc,
    double blake3,
    double compress,
    double decompress,
    double objectSeconds,
    double fileSeconds,
    double lookSeconds) {

  /**
   * What an ingest takes at the least: each byte is copied, cut and hashed twice, what is new is
   * compressed, and each object is written.
   *
   * @param objects how many files the store got; 0 where it is not of files
   */
  double ingestSeconds(long bytes, long newBytes, long objects) {
    return bytes / copy
        + bytes / fastCdc
        + 2 * (bytes / blake3)
        + newBytes / compress
        + objects * objectSeconds;
  }

  /** What finding out that files are as they were takes at the least. */
  double unchangedSeconds(long files) {
    return files * lookSeconds;
  }

  /** What finding out by their contents that files are as they were takes at the least. */
  double checkSeconds(long bytes, long files) {
    return unchangedSeconds(files) + bytes / copy + bytes / blake3;
  }

  /** What a restore takes at the least: each byte is decompressed, hashed once and copied. */
  double restoreSeconds(long bytes, long files) {
    return verifySeconds(bytes) + bytes / copy + files * fileSeconds;
  }

  /**
   * What reading the store takes at the least.
   *
   * @param rawBytes of all its chunks
   */
  double verifySeconds(long rawBytes) {
    return rawBytes / decompress + rawBytes / blake3;
  }
}
