package io.castore.query.http;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One range of bytes as a client writes it: <a
 * href="https://www.rfc-editor.org/rfc/rfc9110#section-14.1.2">RFC 9110, 14.1.2</a>.
 *
 * @param first place of the first byte, from 0, or -1 where the range is the last bytes
 * @param last place of the last byte, or how many of the last bytes
 */
record RangeSpec(long first, long last) {
  private static final Pattern SET = Pattern.compile("bytes=(.*)", Pattern.CASE_INSENSITIVE);
  private static final Pattern SPEC = Pattern.compile("([0-9]*)-([0-9]*)");

  /** More digits than these are more than any content has bytes. */
  private static final int MOST_DIGITS = 18;

  /**
   * Reads a header of a single range.
   *
   * @return empty where it is malformed, of another unit, or of more ranges: all reasons to ignore
   *     it
   */
  static Optional<RangeSpec> parse(String header) {
    Matcher set = SET.matcher(header.strip());
    if (!set.matches()) {
      return Optional.empty();
    }
    List<String> specs =
        Arrays.stream(set.group(1).split(",", -1))
            .map(String::strip)
            .filter(spec -> !spec.isEmpty())
            .toList();
    Matcher spec = SPEC.matcher(specs.size() == 1 ? specs.get(0) : "");
    if (!spec.matches()) {
      return Optional.empty();
    }
    String first = spec.group(1);
    String last = spec.group(2);
    if (first.isEmpty()) {
      return last.isEmpty() ? Optional.empty() : Optional.of(new RangeSpec(-1, number(last)));
    }
    RangeSpec range = new RangeSpec(number(first), last.isEmpty() ? Long.MAX_VALUE : number(last));
    return range.last < range.first ? Optional.empty() : Optional.of(range);
  }

  private static long number(String digits) {
    String significant = digits.replaceFirst("^0+(?=.)", "");
    return significant.length() > MOST_DIGITS ? Long.MAX_VALUE : Long.parseLong(significant);
  }

  /** Tells which part of a content of so many bytes it is. */
  Selection select(long size) {
    if (first < 0) {
      if (last == 0) {
        return new Selection.Unsatisfiable();
      }
      long length = Math.min(last, size);
      // The last bytes of an empty content are all of it, and cannot be written as a part.
      return length == 0 ? new Selection.Whole() : new Selection.Part(size - length, length);
    }
    if (first >= size) {
      return new Selection.Unsatisfiable();
    }
    return new Selection.Part(first, Math.min(last, size - 1) - first + 1);
  }
}
