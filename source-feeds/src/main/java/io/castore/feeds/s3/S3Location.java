package io.castore.feeds.s3;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * Where an object, or all objects whose keys start alike, lie.
 *
 * <p>As a URI it is {@code s3://bucket/key}. The key's bytes in UTF-8 stand there as they are where
 * they are letters, digits or one of {@code - . _ ~ /}, and as {@code %} and two upper-case
 * hexadecimal digits otherwise. So each key has exactly one name, which stays the same for ever.
 *
 * @param bucket the bucket's name
 * @param key the object's key, or what the keys start with; may be empty then
 */
public record S3Location(String bucket, String key) {
  private static final String SCHEME = "s3://";
  private static final String PLAIN = "-._~/";
  private static final HexFormat HEX = HexFormat.of().withUpperCase();

  /** Tells whether a text is meant to be such a URI. */
  public static boolean isNamedBy(String text) {
    return text.startsWith(SCHEME);
  }

  /**
   * Reads a URI. Characters that should be escaped and are not stand for themselves.
   *
   * @throws IllegalArgumentException if there is no bucket, or a {@code %} without two digits
   */
  public static S3Location parse(String uri) {
    if (!isNamedBy(uri)) {
      throw invalid(uri, "s3://bucket/key");
    }
    int slash = uri.indexOf('/', SCHEME.length());
    String bucket = uri.substring(SCHEME.length(), slash < 0 ? uri.length() : slash);
    if (bucket.isEmpty()) {
      throw invalid(uri, "s3://bucket/key");
    }
    return new S3Location(bucket, slash < 0 ? "" : decode(uri, uri.substring(slash + 1)));
  }

  /** Gives the URI, which is the name of the object as a source. */
  public String uri() {
    StringBuilder text = new StringBuilder(SCHEME).append(bucket).append('/');
    for (byte b : key.getBytes(StandardCharsets.UTF_8)) {
      char c = (char) (b & 0xff);
      if (isPlain(c)) {
        text.append(c);
      } else {
        HEX.toHexDigits(text.append('%'), b);
      }
    }
    return text.toString();
  }

  private static boolean isPlain(char c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || PLAIN.indexOf(c) >= 0;
  }

  private static String decode(String uri, String escaped) {
    byte[] text = escaped.getBytes(StandardCharsets.UTF_8);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(text.length);
    for (int at = 0; at < text.length; at++) {
      if (text[at] != '%') {
        bytes.write(text[at]);
      } else if (at + 2 < text.length
          && HexFormat.isHexDigit(text[at + 1])
          && HexFormat.isHexDigit(text[at + 2])) {
        bytes.write(HexFormat.fromHexDigit(text[++at]) << 4 | HexFormat.fromHexDigit(text[++at]));
      } else {
        throw invalid(uri, "%25 for a percent sign");
      }
    }
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(bytes.toByteArray()))
          .toString();
    } catch (CharacterCodingException notUtf8) {
      throw invalid(uri, "UTF-8");
    }
  }

  private static IllegalArgumentException invalid(String uri, String expected) {
    return new IllegalArgumentException("S3 location: %s (expected: %s)".formatted(uri, expected));
  }

  @Override
  public String toString() {
    return uri();
  }
}
