package io.castore.gc;

import io.castore.content.digest.Digest;
import io.castore.pipeline.records.UploadId;

/**
 * The tables that share one scratch store, told apart by the first byte of their keys.
 *
 * <table>
 * <caption>A key</caption>
 * <tr><th>bytes</th><th>what</th></tr>
 * <tr><td>1</td><td>the table</td></tr>
 * <tr><td>16 or 32</td><td>an upload id or a digest</td></tr>
 * </table>
 */
enum ScratchKeys {
  /** The newest status of each upload. */
  UPLOADS('u'),
  /** Blobs that have a rule. */
  RULES('r'),
  /** Blobs that a rule does not drop, whatever it says. */
  KEPT_BLOBS('k'),
  /** What complete uploads say of their blobs. */
  FACTS('f'),
  /** Blobs that something keeps and that were not seen in the store. */
  EXPECTED_BLOBS('e'),
  /** Of those, blobs that have a chunk of their own digest and need no object, if it is there. */
  UNLISTED('n'),
  /** Blobs of which something keeps an upload with a list of chunks. */
  LISTED('i'),
  /** Of which store those of them are that are not there. */
  STORES_OF_BLOBS('o'),
  /** Chunks that something needs. */
  LIVE('l'),
  /** Chunks that a blob without a list needs. */
  SINGLES('s'),
  /** Blobs that are to be collected. */
  DEAD_BLOBS('b'),
  /** Chunks that are to be collected. */
  DEAD_CHUNKS('c'),
  /** What is there though it was to be collected. */
  LEFT('x'),
  /** Blobs that retention looks at. */
  LAPSING('t');

  private final byte first;

  ScratchKeys(char first) {
    this.first = (byte) first;
  }

  byte[] prefix() {
    return new byte[] {first};
  }

  byte[] of(Digest digest) {
    byte[] key = new byte[1 + Digest.LENGTH];
    key[0] = first;
    digest.copyTo(key, 1);
    return key;
  }

  byte[] of(UploadId id) {
    byte[] key = new byte[1 + UploadId.LENGTH];
    key[0] = first;
    System.arraycopy(id.toBytes(), 0, key, 1, UploadId.LENGTH);
    return key;
  }

  static Digest digest(byte[] key) {
    return Digest.of(key, 1);
  }
}
