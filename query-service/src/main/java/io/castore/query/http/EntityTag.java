package io.castore.query.http;

import io.castore.content.digest.Digest;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A content's digest as a strong entity tag: <a
 * href="https://www.rfc-editor.org/rfc/rfc9110#section-8.8.3">RFC 9110, 8.8.3</a>.
 *
 * @param text with its quotes
 */
record EntityTag(String text) {
  private static final Pattern LISTED =
      Pattern.compile("\\G[ \\t,]*+(W/)?(\"[\\x21\\x23-\\x7e\\x80-\\xff]*+\")[ \\t]*+(?=,|$)");

  /** Gives the tag of the content that has a digest. */
  static EntityTag of(Digest digest) {
    return new EntityTag('"' + digest.toHex() + '"');
  }

  /** Tells whether lists of tags name this one, and not as a weak one, or name all. */
  boolean isListedStrongly(List<String> lists) {
    return isListed(lists, false);
  }

  /** Tells whether lists of tags name this one, be it as a weak one, or name all. */
  boolean isListedWeakly(List<String> lists) {
    return isListed(lists, true);
  }

  /** Tells whether this is the only one in a header, and not as a weak one. */
  boolean isOnly(List<String> values) {
    return values.size() == 1 && values.get(0).strip().equals(text);
  }

  private boolean isListed(List<String> lists, boolean weakly) {
    for (String list : lists) {
      if (list.strip().equals("*")) {
        return true;
      }
      // What follows a malformed tag is not looked at.
      Matcher tags = LISTED.matcher(list);
      while (tags.find()) {
        if ((weakly || tags.group(1) == null) && text.equals(tags.group(2))) {
          return true;
        }
      }
    }
    return false;
  }
}
