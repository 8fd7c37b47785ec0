package io.castore.cli.listing;

import io.castore.content.digest.Digest;

/**
 * One {@code <hex64> <path>} line, as b3sum 1.5.5 and later write and check it.
 *
 * <p>Where a path has a backslash, a newline or a carriage return, these become {@code \\}, {@code
 * \n} and {@code \r}, and the line starts with one more backslash. Older versions of b3sum (and of
 * the coreutils) leave carriage returns as they are and refuse {@code \r}; their lines are read
 * here all the same, unless the path ends with a carriage return.
 *
 * @param digest of the file's content
 * @param path as shown to people: U+FFFD stands for what is not UTF-8
 */
public record ChecksumLine(Digest digest, String path) {
  private static final String SEPARATOR = "  ";
  private static final int HEX_LENGTH = 2 * Digest.LENGTH;

  /** Writes the line, without a line end. */
  public String format() {
    String escaped = path.replace("\\", "\\\\").replace("\n", "\\n").replace("\r", "\\r");
    String mark = escaped.equals(path) ? "" : "\\";
    return mark + digest.toHex() + SEPARATOR + escaped;
  }

  /**
   * Reads a line, with or without its line end, and refuses what {@code b3sum --check} refuses:
   * other digests than 64 lower-case hex characters, unknown escapes, and paths that are empty or
   * have a NUL or U+FFFD, which could stand for several files. Lines of {@code b3sum --tag} are
   * refused as well.
   *
   * @throws MalformedLineException if the line is refused
   */
  public static ChecksumLine parse(String line) throws MalformedLineException {
    String text = withoutLineEnd(line);
    boolean isEscaped = text.startsWith("\\");
    String fields = isEscaped ? text.substring(1) : text;
    int separator = fields.indexOf(SEPARATOR);
    if (separator < 0) {
      throw new MalformedLineException(
          text.isEmpty()
              ? "empty line (expected: <hex64>  <path>)"
              : "no two spaces after a digest (expected: <hex64>  <path>)");
    }
    Digest digest = parseDigest(fields.substring(0, separator));
    String rest = fields.substring(separator + SEPARATOR.length());
    String path = isEscaped ? unescape(rest) : rest;
    checkPath(path);
    return new ChecksumLine(digest, path);
  }

  private static String withoutLineEnd(String line) {
    int end = line.length();
    while (end > 0 && (line.charAt(end - 1) == '\n' || line.charAt(end - 1) == '\r')) {
      end--;
    }
    return line.substring(0, end);
  }

  private static Digest parseDigest(String hex) throws MalformedLineException {
    boolean isLowerCaseHex =
        hex.chars().allMatch(c -> (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'));
    if (hex.length() != HEX_LENGTH || !isLowerCaseHex) {
      throw new MalformedLineException(
          "digest: " + hex + " (expected: " + HEX_LENGTH + " lower-case hex characters)");
    }
    return Digest.parse(hex);
  }

  private static String unescape(String escaped) throws MalformedLineException {
    StringBuilder path = new StringBuilder(escaped.length());
    for (int at = 0; at < escaped.length(); at++) {
      char c = escaped.charAt(at);
      if (c == '\\') {
        at++;
        path.append(unescaped(at < escaped.length() ? escaped.substring(at, at + 1) : ""));
      } else {
        path.append(c);
      }
    }
    return path.toString();
  }

  private static char unescaped(String code) throws MalformedLineException {
    return switch (code) {
      case "\\" -> '\\';
      case "n" -> '\n';
      case "r" -> '\r';
      default ->
          throw new MalformedLineException("escape: \\" + code + " (expected: \\\\, \\n or \\r)");
    };
  }

  private static void checkPath(String path) throws MalformedLineException {
    if (path.isEmpty()) {
      throw new MalformedLineException("empty path (expected: a file's path)");
    }
    if (path.indexOf('\0') >= 0) {
      throw new MalformedLineException("path with a NUL character (expected: none)");
    }
    if (path.indexOf('\uFFFD') >= 0) {
      throw new MalformedLineException(
          "path with U+FFFD: "
              + path
              + " (expected: a path that was valid UTF-8; a manifest has the exact path)");
    }
  }
}
