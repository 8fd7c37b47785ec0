package io.castore.content.digest.blake3;

/**
 * Makes node hashers that need more than every JVM has. Found with {@link java.util.ServiceLoader}.
 *
 * <p>Implementations are safe for use by many threads.
 */
public interface NodeHasherProvider {
  /** Tells whether this JVM, as it was started, has what the hashers need. */
  boolean isAvailable();

  /** Makes a hasher. To be called only where they are available. */
  NodeHasher create();
}
