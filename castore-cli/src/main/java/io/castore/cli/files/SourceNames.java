package io.castore.cli.files;

import io.castore.ingest.FileSource;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.regex.Pattern;

/** Makes paths into names of sources, and names of sources into paths. */
public final class SourceNames {
  private static final Pattern SCHEME =
      Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*:.*", Pattern.DOTALL);

  /** Whole escapes, and no percent sign besides. */
  private static final Pattern ESCAPED =
      Pattern.compile("([^%]|%[0-9A-Fa-f]{2})*+", Pattern.DOTALL);

  private SourceNames() {}

  /** Tells whether a text is a name, or the start of one, and not a path. */
  public static boolean isName(String text) {
    return SCHEME.matcher(text).matches();
  }

  /** Gives the name that the file of a path has as a source, whether or not it is there. */
  public static String ofPath(Path path) {
    String name = new FileSource(path).name();
    // A URI ends with a slash where the path leads to a directory.
    return name.endsWith("/") ? name.substring(0, name.length() - 1) : name;
  }

  /**
   * Gives the path that a part of a name stands for. The names of files and of objects in S3 are
   * percent-encoded, others are taken as they are.
   *
   * @param start where the part begins
   */
  public static PathText path(String name, int start) {
    String part = name.substring(start);
    boolean isEncoded = name.startsWith("file:") || name.startsWith("s3:");
    if (!isEncoded || !ESCAPED.matcher(part).matches()) {
      return new PathText(part, null);
    }
    byte[] bytes = RawNames.decode(part);
    try {
      return new PathText(
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString(), null);
    } catch (CharacterCodingException notUtf8) {
      return new PathText(
          new String(bytes, StandardCharsets.UTF_8), URI.create(RawNames.encode(bytes)));
    }
  }
}
