package io.castore.cli.files;

import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Takes a listed path apart into names that can only lead down. */
final class ListedPath {
  /** What Linux takes in one piece. Longer ones could be made, but hardly be removed again. */
  static final int MAX_BYTES = 4096;

  private ListedPath() {}

  /**
   * Gives a path's names, from the outermost directory's to the file's. Each is one name, never
   * {@code .} or {@code ..}; a leading slash and {@code .} parts are dropped.
   *
   * @param uri the exact path, where the text is not (see {@link PathText})
   * @throws RestoreException if the path does not name a file below the directory it starts from
   */
  static List<Path> names(String listed, @Nullable URI uri) throws RestoreException {
    byte[] bytes = uri == null ? encode(listed) : decode(listed, uri);
    if (bytes.length > MAX_BYTES) {
      throw RestoreException.refused(
          listed, "path of " + bytes.length + " bytes (expected: at most " + MAX_BYTES + ")");
    }
    List<Path> names = new ArrayList<>();
    boolean endsWithName = false;
    for (int start = 0; start <= bytes.length; ) {
      int end = start;
      while (end < bytes.length && bytes[end] != '/') {
        end++;
      }
      byte[] name = Arrays.copyOfRange(bytes, start, end);
      endsWithName = !isDots(name, 0) && !isDots(name, 1);
      if (endsWithName) {
        names.add(toName(listed, name));
      }
      start = end + 1;
    }
    if (!endsWithName) {
      throw RestoreException.refused(listed, "path without a file's name at its end");
    }
    return names;
  }

  private static Path toName(String listed, byte[] name) throws RestoreException {
    if (isDots(name, 2)) {
      throw RestoreException.refused(listed, "path with a .. part (expected: none)");
    }
    for (byte b : name) {
      if (b == 0) {
        throw RestoreException.refused(listed, "path with a NUL character (expected: none)");
      }
    }
    return RawNames.toPath(name);
  }

  private static boolean isDots(byte[] name, int count) {
    if (name.length != count) {
      return false;
    }
    for (byte b : name) {
      if (b != '.') {
        return false;
      }
    }
    return true;
  }

  private static byte[] encode(String listed) throws RestoreException {
    try {
      ByteBuffer encoded = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(listed));
      byte[] bytes = new byte[encoded.remaining()];
      encoded.get(bytes);
      return bytes;
    } catch (CharacterCodingException loneSurrogate) {
      throw RestoreException.refused(listed, "path that is not valid Unicode");
    }
  }

  private static byte[] decode(String listed, URI uri) throws RestoreException {
    boolean isPathAlone =
        (uri.getScheme() == null || uri.getScheme().equals("file"))
            && uri.getRawPath() != null
            && uri.getRawAuthority() == null
            && uri.getRawQuery() == null
            && uri.getRawFragment() == null;
    if (!isPathAlone) {
      throw RestoreException.refused(
          listed, "path_uri: " + uri + " (expected: file:///… or a relative reference)");
    }
    byte[] bytes = RawNames.decode(uri.getRawPath());
    if (!new String(bytes, StandardCharsets.UTF_8).equals(listed)) {
      throw RestoreException.refused(listed, "path_uri: " + uri + " (expected: the same path)");
    }
    return bytes;
  }
}
