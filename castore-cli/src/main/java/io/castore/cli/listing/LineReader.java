package io.castore.cli.listing;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Reads a list line by line. A line that is too long or not UTF-8 is bad by itself, and holds up
 * neither memory nor the lines after it.
 *
 * <p>Not thread-safe.
 */
final class LineReader implements Closeable {
  /** Reads what a line says. */
  @FunctionalInterface
  interface Parser<T> {
    T parse(String line) throws MalformedLineException;
  }

  /** Many times what a path of Linux comes to with every byte escaped. */
  static final int MAX_LINE_BYTES = 1 << 20;

  private final InputStream in;
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();
  private long number;

  LineReader(InputStream in) {
    this.in = new BufferedInputStream(in);
  }

  /** Reads the next line; empty at the end. The last line need not have a line end. */
  <T> Optional<ListedLine<T>> next(Parser<T> parser) throws IOException {
    int next = in.read();
    if (next < 0) {
      return Optional.empty();
    }
    number++;
    line.reset();
    boolean isTooLong = false;
    for (; next >= 0 && next != '\n'; next = in.read()) {
      isTooLong |= line.size() == MAX_LINE_BYTES;
      if (!isTooLong) {
        line.write(next);
      }
    }
    try {
      return Optional.of(new ListedLine.Good<>(number, parser.parse(text(isTooLong))));
    } catch (MalformedLineException bad) {
      return Optional.of(new ListedLine.Bad<>(number, String.valueOf(bad.getMessage())));
    }
  }

  private String text(boolean isTooLong) throws MalformedLineException {
    if (isTooLong) {
      throw new MalformedLineException(
          "line too long (expected: at most " + MAX_LINE_BYTES + " bytes)");
    }
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(line.toByteArray()))
          .toString();
    } catch (CharacterCodingException notText) {
      throw new MalformedLineException("not valid UTF-8 (expected: text)");
    }
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
