package io.castore.query.access;

import io.castore.content.digest.Blake3;
import io.castore.content.digest.Digest;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The tokens that are known, as a text lists them: a line for each, {@code NAME SCOPES HASH}.
 *
 * <table>
 * <caption>A line</caption>
 * <tr><th>word</th><th>what</th></tr>
 * <tr><td>NAME</td><td>1 to 64 of {@code A-Z a-z 0-9 . _ -}; tells callers apart in the access log</td></tr>
 * <tr><td>SCOPES</td><td>{@code read}, {@code write} or {@code read,write}</td></tr>
 * <tr><td>HASH</td><td>BLAKE3 of the token's text, in any form of a digest</td></tr>
 * </table>
 *
 * <p>Blank lines, and lines that begin with {@code #}, mean nothing. A token is 256 random bits
 * (see {@link NewToken}), so that its hash needs neither salt nor a slow function.
 *
 * <p>Immutable, and so safe for use by many threads.
 */
final class Tokens {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,64}");
  private static final Pattern BLANKS = Pattern.compile("\\s+");

  private final List<KnownToken> known;

  private Tokens(List<KnownToken> known) {
    this.known = known;
  }

  /** A line is not one of a token. The message never repeats the line, which may hold a secret. */
  static final class MalformedException extends Exception {
    private static final long serialVersionUID = 1L;

    private MalformedException(int line, String problem) {
      super("line %d: %s".formatted(line, problem));
    }
  }

  /**
   * Reads a list.
   *
   * @throws MalformedException if a line is no token's, or two have the same name
   */
  static Tokens parse(String text) throws MalformedException {
    List<KnownToken> known = new ArrayList<>();
    Set<String> names = new HashSet<>();
    int number = 0;
    for (String line : text.lines().toList()) {
      number++;
      String content = line.strip();
      if (content.isEmpty() || content.startsWith("#")) {
        continue;
      }
      KnownToken token = parse(number, content);
      if (!names.add(token.name())) {
        throw new MalformedException(number, "a name that was there before (expected: a new one)");
      }
      known.add(token);
    }
    return new Tokens(List.copyOf(known));
  }

  private static KnownToken parse(int number, String line) throws MalformedException {
    String[] words = BLANKS.split(line, -1);
    if (words.length != 3) {
      throw new MalformedException(
          number, "%d words (expected: NAME SCOPES HASH)".formatted(words.length));
    }
    if (!NAME.matcher(words[0]).matches()) {
      throw new MalformedException(
          number, "not a name (expected: 1 to 64 letters, digits, dots, dashes or underscores)");
    }
    try {
      return new KnownToken(words[0], scopes(number, words[1]), Digest.parse(words[2]));
    } catch (IllegalArgumentException notADigest) {
      // Its message and cause name the text, which may be a token by mistake.
      throw new MalformedException(
          number, "not a hash (expected: what `castore token` prints for this file)");
    }
  }

  private static Set<Scope> scopes(int number, String words) throws MalformedException {
    Set<Scope> scopes = EnumSet.noneOf(Scope.class);
    for (String word : words.split(",", -1)) {
      switch (word.toLowerCase(Locale.ROOT)) {
        case "read" -> scopes.add(Scope.READ);
        case "write" -> scopes.add(Scope.WRITE);
        default ->
            throw new MalformedException(
                number, "not a list of scopes (expected: read, write or read,write)");
      }
    }
    return Collections.unmodifiableSet(scopes);
  }

  /** Tells how many there are. */
  int count() {
    return known.size();
  }

  /** Finds the token of a text, in a time that does not tell how much of a hash was right. */
  Optional<KnownToken> find(String token) {
    byte[] hash = Blake3.hash(token.getBytes(StandardCharsets.UTF_8)).toBytes();
    Optional<KnownToken> found = Optional.empty();
    for (KnownToken candidate : known) {
      if (MessageDigest.isEqual(candidate.hash().toBytes(), hash)) {
        found = Optional.of(candidate);
      }
    }
    return found;
  }
}
