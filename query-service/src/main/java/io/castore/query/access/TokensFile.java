package io.castore.query.access;

import io.castore.pipeline.config.InvalidConfigException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The tokens of a file that may change while they are in use. A change that cannot be read is
 * logged, and leaves the tokens as they were.
 *
 * <p>Safe for use by many threads, of which one at a time may {@link #refresh}.
 */
final class TokensFile {
  private static final Logger LOG = LoggerFactory.getLogger(TokensFile.class);

  /** Some ten thousand tokens. */
  private static final long LONGEST = 1 << 20;

  private final Path path;
  private volatile Tokens tokens;

  /**
   * What was read last, whether it could be understood or not; empty where it could not be read.
   */
  private byte[] seen;

  private TokensFile(Path path, Tokens tokens, byte[] seen) {
    this.path = path;
    this.tokens = tokens;
    this.seen = seen;
  }

  /**
   * Reads a file.
   *
   * @throws InvalidConfigException if it cannot be read, or is no list of tokens
   */
  static TokensFile open(Path path) throws InvalidConfigException {
    try {
      byte[] content = read(path);
      return new TokensFile(path, parse(content), content);
    } catch (IOException | Tokens.MalformedException e) {
      throw new InvalidConfigException(
          "server.tokens.file: %s: %s".formatted(path, reason(e)), null);
    }
  }

  private static byte[] read(Path path) throws IOException {
    long size = Files.size(path);
    if (size > LONGEST) {
      throw new IOException("%d bytes (expected: at most %d)".formatted(size, LONGEST));
    }
    return Files.readAllBytes(path);
  }

  private static Tokens parse(byte[] content)
      throws CharacterCodingException, Tokens.MalformedException {
    return Tokens.parse(
        StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(content)).toString());
  }

  private static String reason(Exception failure) {
    if (failure instanceof NoSuchFileException) {
      return "no such file (expected: a file of lines NAME SCOPES HASH, see `castore token`)";
    }
    if (failure instanceof CharacterCodingException) {
      return "not a text in UTF-8";
    }
    return failure instanceof Tokens.MalformedException
        ? String.valueOf(failure.getMessage())
        : "cannot be read: " + failure;
  }

  /** Gives the tokens as they are now. */
  Tokens current() {
    return tokens;
  }

  /** Reads the file again, and takes its tokens over where they have changed. */
  void refresh() {
    byte[] content = new byte[0];
    try {
      content = read(path);
      if (!Arrays.equals(content, seen)) {
        Tokens changed = parse(content);
        tokens = changed;
        LOG.info("{}: {} tokens are known from now on", path, changed.count());
      }
    } catch (IOException | Tokens.MalformedException e) {
      if (!Arrays.equals(content, seen)) {
        LOG.error(
            "server.tokens.file: {}: {}; the {} tokens that it had before stay in use",
            path,
            reason(e),
            tokens.count());
      }
    }
    seen = content;
  }

  /** Finds the token of a text. */
  Optional<KnownToken> find(String token) {
    return current().find(token);
  }
}
