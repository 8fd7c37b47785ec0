package io.castore.blobs;

import io.castore.content.digest.Digest;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * A blob that is being written. It is no {@link AutoCloseable}, since the end of a {@code try} that
 * failed must not publish a half:
 *
 * <pre>{@code
 * BlobWriter writer = blobs.openWrite();
 * try {
 *   writer.write(bytes);
 *   digest = writer.close();
 * } finally {
 *   writer.abort();
 * }
 * }</pre>
 *
 * <p>Not thread-safe.
 */
public interface BlobWriter {
  /**
   * Takes all bytes that remain in a buffer, after waiting until there is room for them.
   *
   * @throws IOException if the blob cannot be written; nothing is published then
   */
  void write(ByteBuffer bytes) throws IOException;

  /**
   * Ends the blob, and waits until it can be read. Called again, it gives the same digest.
   *
   * @return the digest of all that was written
   * @throws IOException if nothing was published; called again, the same
   */
  Digest close() throws IOException;

  /** Gives the blob up, and publishes nothing. Does nothing once the blob is closed or aborted. */
  void abort();
}
