package io.castore.query.access;

import io.castore.content.digest.Blake3;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Collection;
import java.util.Locale;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * A token that was just made: 256 random bits, as {@code castore_} and 43 characters of URL-safe
 * base64. It is shown to a person once; a service is given a line with its hash alone.
 */
public final class NewToken {
  private static final String PREFIX = "castore_";
  private static final int RANDOM_BYTES = 32;

  private final String token;

  private NewToken(String token) {
    this.token = token;
  }

  /** Makes one. */
  public static NewToken generate() {
    byte[] random = new byte[RANDOM_BYTES];
    new SecureRandom().nextBytes(random);
    return new NewToken(PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(random));
  }

  /** Gives the secret, as a caller shows it: {@code Authorization: Bearer TOKEN}. */
  public String token() {
    return token;
  }

  /**
   * Gives the line for {@code server.tokens.file}.
   *
   * @param name who has the token: 1 to 64 letters, digits, dots, dashes or underscores
   * @param scopes what whoever shows it may do, at least one
   * @throws IllegalArgumentException if the name or the scopes are not of that kind
   */
  public String line(String name, Collection<Scope> scopes) {
    String words =
        new TreeSet<>(scopes)
            .stream()
                .map(scope -> scope.name().toLowerCase(Locale.ROOT))
                .collect(Collectors.joining(","));
    String line =
        "%s %s %s".formatted(name, words, Blake3.hash(token.getBytes(StandardCharsets.UTF_8)));
    try {
      Tokens.parse(line);
    } catch (Tokens.MalformedException malformed) {
      throw new IllegalArgumentException(malformed.getMessage(), malformed);
    }
    return line;
  }

  /** Leaves the secret out. */
  @Override
  public String toString() {
    return "NewToken";
  }
}
