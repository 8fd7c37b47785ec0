package io.castore.cli.files;

import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * Gets at the bytes of a path, which the JDK keeps on Unix but shows in URIs alone. Text would not
 * do: the JDK decodes names with the locale's character set, and puts U+FFFD for what that set does
 * not have.
 *
 * <p>For paths of the default file system of a Unix.
 */
final class RawNames {
  private static final HexFormat HEX = HexFormat.of().withUpperCase();
  private static final String UNRESERVED = "-._~/";

  private RawNames() {}

  /** Tells whether paths of this kind have bytes that can be got at. */
  static boolean areKnownOf(Path path) {
    return path.getFileSystem() == FileSystems.getDefault()
        && path.getFileSystem().getSeparator().equals("/");
  }

  /** Gives the bytes of a path as they go to the operating system. */
  static byte[] bytesOf(Path path) {
    byte[] absolute = absoluteBytesOf(path);
    if (path.isAbsolute()) {
      return absolute;
    }
    byte[] base = absoluteBytesOf(path.getFileSystem().getPath(""));
    // The root alone ends with its separator.
    int start = base.length == 1 ? 1 : base.length + 1;
    return Arrays.copyOfRange(absolute, Math.min(start, absolute.length), absolute.length);
  }

  private static byte[] absoluteBytesOf(Path path) {
    byte[] bytes = decode(path.toUri().getRawPath());
    // A URI ends with a slash where the path leads to a directory, a path does not.
    boolean isMarkedAsDirectory = bytes.length > 1 && bytes[bytes.length - 1] == '/';
    return isMarkedAsDirectory ? Arrays.copyOf(bytes, bytes.length - 1) : bytes;
  }

  /**
   * Makes a relative path of one name.
   *
   * @param name at least one byte, neither a slash nor a NUL among them
   */
  static Path toPath(byte[] name) {
    return Path.of(URI.create("file:///" + encode(name))).getFileName();
  }

  /** Percent-encodes all but slashes and the characters that RFC 3986 calls unreserved. */
  static String encode(byte[] bytes) {
    StringBuilder text = new StringBuilder(bytes.length);
    for (byte b : bytes) {
      if (isPlain((char) (b & 0xff))) {
        text.append((char) b);
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
        || UNRESERVED.indexOf(c) >= 0;
  }

  /** Undoes percent-encoding, of a text whose escapes are known to be whole. */
  static byte[] decode(String encoded) {
    byte[] text = encoded.getBytes(StandardCharsets.UTF_8);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(text.length);
    for (int at = 0; at < text.length; at++) {
      if (text[at] == '%') {
        bytes.write(HexFormat.fromHexDigit(text[++at]) << 4 | HexFormat.fromHexDigit(text[++at]));
      } else {
        bytes.write(text[at]);
      }
    }
    return bytes.toByteArray();
  }
}
