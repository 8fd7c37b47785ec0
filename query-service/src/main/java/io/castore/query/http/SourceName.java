package io.castore.query.http;

import com.linecorp.armeria.common.RequestHeaders;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.UUID;

/** What an upload is listed by: the URI that its client gives, or one of our own. */
public final class SourceName {
  /** The header, and so the metadata of a gRPC call, that gives it. */
  public static final String HEADER = "castore-source";

  private static final int LONGEST = 2_048;

  private SourceName() {}

  /**
   * Reads it from a request, or makes one.
   *
   * @param scheme of a URI that is made
   * @throws IllegalArgumentException if the request gives what is no absolute URI; its message can
   *     be shown to the client
   */
  public static String of(RequestHeaders request, String scheme) {
    List<String> given = request.getAll(HEADER);
    if (given.isEmpty()) {
      return scheme + ":" + UUID.randomUUID();
    }
    if (given.size() == 1 && isAbsoluteUri(given.get(0))) {
      return given.get(0);
    }
    throw new IllegalArgumentException(
        HEADER + " (expected: one absolute URI of at most " + LONGEST + " characters)");
  }

  private static boolean isAbsoluteUri(String text) {
    if (text.length() > LONGEST || text.chars().anyMatch(c -> c <= ' ' || c > '~')) {
      return false;
    }
    try {
      return new URI(text).isAbsolute();
    } catch (URISyntaxException notOne) {
      return false;
    }
  }
}
