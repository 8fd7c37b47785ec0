package io.castore.cli.files;

import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * How a path is shown to people and written to lists. The bytes of a name are taken for UTF-8,
 * whatever the locale.
 *
 * <p>A path that is not valid UTF-8 is shown with U+FFFD for what cannot be decoded, and has a URI
 * that gives its bytes exactly: percent-encoded, {@code file:///…} where the path is absolute, and
 * a relative reference such as {@code docs/caf%E9} where it is relative.
 *
 * @param shown the path, for people
 * @param uri the exact path; null where {@code shown} is exact
 */
public record PathText(String shown, @Nullable URI uri) {
  /** Describes a path as it was given, without making it absolute or normal. */
  public static PathText of(Path path) {
    String text = path.toString();
    if (isAscii(text) || !RawNames.areKnownOf(path)) {
      return new PathText(text, null);
    }
    byte[] bytes = RawNames.bytesOf(path);
    try {
      return new PathText(
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString(), null);
    } catch (CharacterCodingException notUtf8) {
      String scheme = path.isAbsolute() ? "file://" : "";
      return new PathText(
          new String(bytes, StandardCharsets.UTF_8), URI.create(scheme + RawNames.encode(bytes)));
    }
  }

  private static boolean isAscii(String text) {
    return text.chars().allMatch(c -> c < 0x80);
  }
}
