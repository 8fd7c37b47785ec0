package io.castore.feeds.backfill;

import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * A pattern for paths. {@code *} stands for any characters of one name, {@code **} also for
 * slashes, {@code ?} for one character of a name, {@code [a-z]} and {@code [!a-z]} for one of a
 * set, <code>{a,b}</code> for one of some texts; a backslash takes the meaning from the next
 * character. A pattern without a slash is for the last name of a path, one with a slash for the
 * whole path. Not the JDK's own, which takes only what the file system of the machine can name.
 */
public final class Glob {
  private final Pattern pattern;
  private final boolean ofName;

  private Glob(Pattern pattern, boolean ofName) {
    this.pattern = pattern;
    this.ofName = ofName;
  }

  /**
   * Reads a pattern.
   *
   * @throws IllegalArgumentException if a bracket is not closed, or the like
   */
  public static Glob of(String text) {
    try {
      return new Glob(
          Pattern.compile(new Translation(text).toRegex(), Pattern.DOTALL), text.indexOf('/') < 0);
    } catch (PatternSyntaxException | IndexOutOfBoundsException invalid) {
      throw new IllegalArgumentException(
          "pattern: %s (expected: such as *.log, 2026/** or {a,b}/?[0-9])".formatted(text),
          invalid);
    }
  }

  /** Tells whether a path, with slashes, is one of those. */
  public boolean matches(String path) {
    return pattern.matcher(ofName ? path.substring(path.lastIndexOf('/') + 1) : path).matches();
  }

  /** Makes a pattern into a regular expression. */
  private static final class Translation {
    private final String glob;
    private final StringBuilder regex = new StringBuilder();
    private int at;
    private int open;

    Translation(String glob) {
      this.glob = glob;
    }

    String toRegex() {
      while (at < glob.length()) {
        translate(glob.charAt(at++));
      }
      if (open > 0) {
        throw new IndexOutOfBoundsException("{ without }");
      }
      return regex.toString();
    }

    private void translate(char c) {
      switch (c) {
        case '*' -> {
          boolean across = at < glob.length() && glob.charAt(at) == '*';
          if (across) {
            at++;
          }
          regex.append(across ? ".*" : "[^/]*");
        }
        case '?' -> regex.append("[^/]");
        case '[' -> set();
        case '{' -> {
          open++;
          regex.append("(?:");
        }
        case '}' -> {
          regex.append(open > 0 ? ")" : "\\}");
          open = Math.max(0, open - 1);
        }
        case ',' -> regex.append(open > 0 ? '|' : ',');
        case '\\' -> literal(glob.charAt(at++));
        default -> literal(c);
      }
    }

    private void set() {
      int end = glob.indexOf(']', at + 1);
      String members = glob.substring(at, end);
      at = end + 1;
      boolean negated = members.startsWith("!") || members.startsWith("^");
      regex
          .append("(?!/)[")
          .append(negated ? "^" : "")
          .append((negated ? members.substring(1) : members).replaceAll("[\\\\\\[&^]", "\\\\$0"))
          .append(']');
    }

    private void literal(char c) {
      regex.append(Pattern.quote(String.valueOf(c)));
    }
  }
}
