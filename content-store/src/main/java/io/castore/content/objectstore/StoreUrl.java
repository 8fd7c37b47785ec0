package io.castore.content.objectstore;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * The name of a store, as people type it: {@code s3://bucket/prefix}, {@code file:///absolute/path}
 * or {@code memory:}. Its text form can be parsed again and holds no secrets.
 */
public sealed interface StoreUrl {
  /**
   * A bucket, or the part of one whose keys start with {@code prefix/}.
   *
   * @param bucket its name, as S3 allows it
   * @param prefix without slashes at its ends; empty for the whole bucket
   */
  record S3(String bucket, String prefix) implements StoreUrl {
    private static final Pattern BUCKET =
        Pattern.compile("(?!.*(\\.\\.|\\.-|-\\.))[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]");
    private static final Pattern PREFIX = Pattern.compile("[^/\\p{Cntrl}]+(/[^/\\p{Cntrl}]+)*");
    private static final Pattern DOTS = Pattern.compile("(^|/)\\.{1,2}(/|$)");

    /**
     * Checks both names.
     *
     * @throws IllegalArgumentException if one is not legal
     */
    public S3 {
      if (!BUCKET.matcher(bucket).matches()) {
        throw new IllegalArgumentException(
            "bucket name: \""
                + bucket
                + "\" (expected: 3 to 63 lower-case letters, digits, '-' and '.', with a letter or"
                + " digit at both ends)");
      }
      if (!prefix.isEmpty() && (!PREFIX.matcher(prefix).matches() || DOTS.matcher(prefix).find())) {
        throw new IllegalArgumentException(
            "prefix in the bucket: \""
                + prefix
                + "\" (expected: parts with single '/' between them, none of them \".\" or"
                + " \"..\")");
      }
    }

    @Override
    public String toString() {
      return "s3://" + bucket + (prefix.isEmpty() ? "" : encoded("/" + prefix));
    }

    private static String encoded(String path) {
      try {
        return new URI(null, null, path, null).getRawPath();
      } catch (URISyntaxException unreachable) {
        throw new IllegalArgumentException("not a path: \"" + path + "\"", unreachable);
      }
    }
  }

  /**
   * A directory of this machine that stands for a bucket.
   *
   * @param path absolute; it need not exist yet
   */
  record Directory(Path path) implements StoreUrl {
    /**
     * Takes an absolute path and removes what is redundant in it.
     *
     * @throws IllegalArgumentException if the path is relative
     */
    public Directory {
      if (!path.isAbsolute()) {
        throw new IllegalArgumentException(
            "directory of a store: " + path + " (expected: an absolute path)");
      }
      path = path.normalize();
    }

    @Override
    public String toString() {
      String text = "file://" + path.toUri().getRawPath();
      // A path's URI ends with a slash where the directory is there, and this must not depend on
      // it.
      return path.getNameCount() > 0 && text.endsWith("/")
          ? text.substring(0, text.length() - 1)
          : text;
    }
  }

  /** A store in this process's memory, for tests: each that is opened starts empty. */
  record Memory() implements StoreUrl {
    @Override
    public String toString() {
      return "memory:";
    }
  }

  /**
   * Reads a store's URL. Percent-encoded characters of a path stand for what they encode, in UTF-8.
   * Slashes at the end make no difference.
   *
   * @throws IllegalArgumentException if the text names no store; its message can be shown to the
   *     person who gave the text, and leaves out what may be a secret
   */
  static StoreUrl parse(String text) {
    int colon = text.indexOf(':');
    String rest = text.substring(colon + 1);
    try {
      return switch (colon < 0 ? "" : text.substring(0, colon).toLowerCase(Locale.ROOT)) {
        case "s3" -> parseS3(rest);
        case "file" -> parseDirectory(rest);
        case "memory" -> parseMemory(rest);
        default -> throw new IllegalArgumentException("no such kind of store");
      };
    } catch (IllegalArgumentException unusable) {
      throw new IllegalArgumentException(
          "not a store URL: \""
              + withoutSecrets(text)
              + "\": "
              + unusable.getMessage()
              + " (expected: s3://bucket/prefix, file:///absolute/path or memory:)",
          unusable.getCause());
    }
  }

  private static StoreUrl parseS3(String rest) {
    refuseQuery(rest);
    if (!rest.startsWith("//")) {
      throw new IllegalArgumentException("no \"//\" before the bucket");
    }
    int slash = rest.indexOf('/', 2);
    String bucket = slash < 0 ? rest.substring(2) : rest.substring(2, slash);
    if (bucket.contains("@")) {
      throw new IllegalArgumentException("credentials belong in the configuration");
    }
    return new S3(bucket, slash < 0 ? "" : withoutOuterSlashes(decode(rest.substring(slash))));
  }

  private static String withoutOuterSlashes(String path) {
    int start = 0;
    int end = path.length();
    while (start < end && path.charAt(start) == '/') {
      start++;
    }
    while (end > start && path.charAt(end - 1) == '/') {
      end--;
    }
    return path.substring(start, end);
  }

  private static StoreUrl parseDirectory(String rest) {
    refuseQuery(rest);
    if (rest.startsWith("//") && !rest.startsWith("///")) {
      throw new IllegalArgumentException("a path on another machine, or not absolute");
    }
    if (!rest.startsWith("/")) {
      throw new IllegalArgumentException("the path is not absolute");
    }
    try {
      return new Directory(Path.of(decode(rest.startsWith("///") ? rest.substring(2) : rest)));
    } catch (InvalidPathException notPath) {
      throw new IllegalArgumentException(
          "not a path of this machine: " + notPath.getReason(), notPath);
    }
  }

  private static StoreUrl parseMemory(String rest) {
    if (!rest.isEmpty()) {
      throw new IllegalArgumentException("nothing may follow \"memory:\"");
    }
    return new Memory();
  }

  private static void refuseQuery(String rest) {
    if (rest.contains("?") || rest.contains("#")) {
      throw new IllegalArgumentException(
          "'?' and '#' have no meaning here; as a part of a name they are %3F and %23");
    }
  }

  private static String decode(String path) {
    byte[] encoded = path.getBytes(StandardCharsets.UTF_8);
    byte[] decoded = new byte[encoded.length];
    int length = 0;
    for (int i = 0; i < encoded.length; i++) {
      if (encoded[i] == '%') {
        decoded[length++] = hexByte(encoded, i + 1);
        i += 2;
      } else {
        decoded[length++] = encoded[i];
      }
    }
    return new String(decoded, 0, length, StandardCharsets.UTF_8);
  }

  private static byte hexByte(byte[] encoded, int at) {
    int high = at + 1 < encoded.length ? Character.digit(encoded[at], 16) : -1;
    int low = at + 1 < encoded.length ? Character.digit(encoded[at + 1], 16) : -1;
    if (high < 0 || low < 0) {
      throw new IllegalArgumentException("'%' without two hex digits; '%' itself is %25");
    }
    return (byte) (high << 4 | low);
  }

  private static String withoutSecrets(String text) {
    return text.replaceFirst("(?s)//[^/]*@", "//***@").replaceFirst("(?s)\\?.*", "?***");
  }
}
