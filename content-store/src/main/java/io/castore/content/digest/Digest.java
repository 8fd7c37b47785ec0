package io.castore.content.digest;

import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A BLAKE3-256 digest of raw (uncompressed) bytes: what names a chunk or a blob.
 *
 * <p>Immutable, and so safe for use by many threads. Ordered as its bytes are, unsigned.
 */
public final class Digest implements Comparable<Digest> {
  /** Length of a digest, in bytes. */
  public static final int LENGTH = 32;

  /** The digest of no bytes at all. The blob it names always exists. */
  public static final Digest EMPTY =
      parse("af1349b9f5f9a1a6a0404dea36dcc9499bcb25c9adc112b7cc9a93cae41f3262");

  private static final String BASE64_PREFIX = "b3:";
  private static final String SRI_PREFIX = "blake3-";

  private final byte[] bytes;

  private Digest(byte[] bytes) {
    this.bytes = bytes;
  }

  /**
   * Takes a copy of a digest's bytes.
   *
   * @throws IllegalArgumentException unless there are {@value #LENGTH} of them
   */
  public static Digest of(byte[] bytes) {
    if (bytes.length != LENGTH) {
      throw new IllegalArgumentException(
          "invalid digest length: " + bytes.length + " bytes (expected: " + LENGTH + ")");
    }
    return new Digest(bytes.clone());
  }

  /**
   * Takes a copy of the {@value #LENGTH} bytes of an array from {@code offset} on.
   *
   * @throws IndexOutOfBoundsException if the array ends before
   */
  public static Digest of(byte[] bytes, int offset) {
    Objects.checkFromIndexSize(offset, LENGTH, bytes.length);
    return new Digest(Arrays.copyOfRange(bytes, offset, offset + LENGTH));
  }

  /**
   * Reads a digest from text: 64 hex characters, {@code b3:<base64>} or {@code blake3-<base64>}.
   *
   * @throws IllegalArgumentException if the text is none of these; its message can be shown to the
   *     person who gave the text
   */
  public static Digest parse(String text) {
    byte[] bytes;
    try {
      if (text.startsWith(BASE64_PREFIX)) {
        bytes = Base64.getDecoder().decode(text.substring(BASE64_PREFIX.length()));
      } else if (text.startsWith(SRI_PREFIX)) {
        bytes = Base64.getDecoder().decode(text.substring(SRI_PREFIX.length()));
      } else {
        bytes = HexFormat.of().parseHex(text);
      }
    } catch (IllegalArgumentException notADigest) {
      throw unreadable(text, notADigest);
    }
    if (bytes.length != LENGTH) {
      throw unreadable(text, null);
    }
    return new Digest(bytes);
  }

  private static IllegalArgumentException unreadable(String text, @Nullable Throwable cause) {
    return new IllegalArgumentException(
        "not a digest: \""
            + text
            + "\" (expected: 64 hex characters, b3:<base64> or blake3-<base64> of 32 bytes)",
        cause);
  }

  /** Gives a copy of the {@value #LENGTH} bytes. */
  public byte[] toBytes() {
    return bytes.clone();
  }

  /**
   * Copies the {@value #LENGTH} bytes into an array, from {@code offset} on.
   *
   * @throws IndexOutOfBoundsException if the array ends before
   */
  public void copyTo(byte[] target, int offset) {
    System.arraycopy(bytes, 0, target, offset, LENGTH);
  }

  /** Gives the 64 lower-case hex characters. */
  public String toHex() {
    return HexFormat.of().formatHex(bytes);
  }

  @Override
  public int compareTo(Digest other) {
    return Arrays.compareUnsigned(bytes, other.bytes);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Digest digest && Arrays.equals(bytes, digest.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  /** Gives the same as {@link #toHex()}. */
  @Override
  public String toString() {
    return toHex();
  }
}
