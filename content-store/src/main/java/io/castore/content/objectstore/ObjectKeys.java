package io.castore.content.objectstore;

import java.util.regex.Pattern;

/**
 * What may name an object: the rule of {@link ObjectStore}, the same for every store, so that a key
 * that one takes is taken by all.
 */
final class ObjectKeys {
  /** Longest key, in characters: what S3 takes, less room for a prefix. */
  static final int LONGEST = 900;

  private static final String RULE =
      " (expected: parts of ASCII letters, digits, '.', '-' and '_' with single '/' between them, "
          + LONGEST
          + " characters at most, none of them \".\" or \"..\")";
  private static final Pattern PART = Pattern.compile("(?!\\.{1,2}$)[A-Za-z0-9._-]+");
  private static final Pattern KEY = Pattern.compile("[A-Za-z0-9._-]+(/[A-Za-z0-9._-]+)*");
  private static final Pattern DOTS = Pattern.compile("(^|/)\\.{1,2}(/|$)");
  private static final Pattern LAST_PART_OF_PREFIX = Pattern.compile("[A-Za-z0-9._-]*");

  private ObjectKeys() {}

  /**
   * Takes a key that is legal.
   *
   * @throws IllegalArgumentException if it is not
   */
  static String require(String key) {
    if (!isKey(key)) {
      throw new IllegalArgumentException("object key: \"" + key + "\"" + RULE);
    }
    return key;
  }

  /**
   * Takes the start of legal keys, which may end within a part or be empty.
   *
   * @throws IllegalArgumentException if no legal key starts so
   */
  static String requirePrefix(String keyPrefix) {
    int slash = keyPrefix.lastIndexOf('/');
    boolean legal =
        (slash < 0 || isKey(keyPrefix.substring(0, slash)))
            && LAST_PART_OF_PREFIX.matcher(keyPrefix.substring(slash + 1)).matches();
    if (!legal) {
      throw new IllegalArgumentException("prefix of object keys: \"" + keyPrefix + "\"" + RULE);
    }
    return keyPrefix;
  }

  /** Tells whether this names an object. What a listing meets and is none belongs to others. */
  static boolean isKey(String key) {
    return key.length() <= LONGEST && KEY.matcher(key).matches() && !DOTS.matcher(key).find();
  }

  /** Tells whether this can stand between two slashes of a key. */
  static boolean isPart(String name) {
    return PART.matcher(name).matches();
  }
}
