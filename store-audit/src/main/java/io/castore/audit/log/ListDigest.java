package io.castore.audit.log;

import io.castore.content.digest.Blake3;
import io.castore.content.digest.Digest;
import io.castore.content.layout.BlobIndex;
import io.castore.content.layout.ChunkRef;
import java.io.IOException;
import java.io.OutputStream;

/**
 * Tells one list of chunks from another without holding either: the digest of the blob object that
 * this program writes for it. A list of a single chunk counts as empty, since its object is.
 *
 * <p>Not thread-safe.
 */
public final class ListDigest {
  private final Blake3 hash = new Blake3();
  private final OutputStream bytes =
      new OutputStream() {
        @Override
        public void write(int one) {
          hash.update(new byte[] {(byte) one}, 0, 1);
        }

        @Override
        public void write(byte[] from, int offset, int length) {
          hash.update(from, offset, length);
        }
      };

  private long count;
  private long size;
  private long encodedLength;

  /** Starts with no chunks. */
  public ListDigest() {}

  /** Takes the next chunk. */
  public void add(ChunkRef chunk) throws IOException {
    BlobIndex.writeEntry(chunk, bytes);
    encodedLength += BlobIndex.entryLength(chunk.size());
    count++;
    size += chunk.size();
  }

  /** How many chunks there are so far. */
  public long count() {
    return count;
  }

  /** The sum of their raw sizes, in bytes. */
  public long size() {
    return size;
  }

  /** How long their blob object is, in bytes. */
  public long encodedLength() {
    return count < 2 ? 0 : encodedLength;
  }

  /** Ends the list; this is not to be used again. */
  public Digest finish() {
    Digest digest = hash.finish();
    return count < 2 ? Digest.EMPTY : digest;
  }
}
