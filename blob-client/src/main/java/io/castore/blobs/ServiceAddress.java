package io.castore.blobs;

import java.net.URI;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Where a service is. Its paths are below the URL's own, so that it can be behind a reverse proxy.
 *
 * @param base ends with a slash
 */
record ServiceAddress(URI base) {
  private static final Pattern LOOPBACK =
      Pattern.compile("localhost|127(\\.\\d{1,3}){3}|\\[(::|0(:0){6}:)1]");

  /**
   * Checks a URL.
   *
   * @throws IllegalArgumentException unless it is {@code http} or {@code https} with a host, and
   *     perhaps a port and a path; the message can be shown to the person who gave it
   */
  static ServiceAddress of(URI url) {
    String scheme = String.valueOf(url.getScheme()).toLowerCase(Locale.ROOT);
    boolean usable =
        (scheme.equals("http") || scheme.equals("https"))
            && url.getHost() != null
            && url.getRawUserInfo() == null
            && url.getRawQuery() == null
            && url.getRawFragment() == null;
    if (!usable) {
      // It may hold a password, and so is not repeated.
      throw new IllegalArgumentException(
          "URL of the service: not usable (expected: http://host:port/path or https://host:port/path,"
              + " without a user, query or fragment)");
    }
    String text = url.toString();
    return new ServiceAddress(text.endsWith("/") ? url : URI.create(text + "/"));
  }

  /** Whether nobody on the way can read along: by TLS, or since it does not leave the machine. */
  boolean isPrivate() {
    return base.getScheme().equalsIgnoreCase("https")
        || LOOPBACK.matcher(base.getHost().toLowerCase(Locale.ROOT)).matches();
  }

  URI resolve(String path) {
    return base.resolve(path);
  }

  /** Gives the URL without the slash that was added. */
  @Override
  public String toString() {
    String text = base.toString();
    return text.substring(0, text.length() - 1);
  }
}
