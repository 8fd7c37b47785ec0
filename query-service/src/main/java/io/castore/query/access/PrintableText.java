package io.castore.query.access;

/** Text of others, made fit for a line of a log. */
final class PrintableText {
  private PrintableText() {}

  /** Replaces what is not printable ASCII by escapes. */
  static String of(String text) {
    StringBuilder printable = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c >= ' ' && c < 0x7f && c != '\\') {
        printable.append(c);
      } else {
        printable.append("\\u%04x".formatted((int) c));
      }
    }
    return printable.toString();
  }
}
