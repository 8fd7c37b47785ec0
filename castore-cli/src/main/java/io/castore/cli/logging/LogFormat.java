package io.castore.cli.logging;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** How this process writes its log. */
public enum LogFormat {
  /** Lines for people. */
  TEXT,
  /** One JSON object a line, for programs. */
  JSON;

  private static final String VARIABLE = "CASTORE_LOG_FORMAT";

  /** Read by {@code logback.xml}. */
  private static final String PROPERTY = "castore.log.format";

  /**
   * Chooses what the environment says. To be called before anything is logged.
   *
   * @return what is wrong with that, where it cannot be used
   */
  public static Optional<String> choose(Map<String, String> environment) {
    String wanted = environment.getOrDefault(VARIABLE, "");
    String format = wanted.isEmpty() ? TEXT.text() : wanted.toLowerCase(Locale.ROOT);
    if (!format.equals(TEXT.text()) && !format.equals(JSON.text())) {
      return Optional.of("%s: %s (expected: text or json)".formatted(VARIABLE, wanted));
    }
    System.setProperty(PROPERTY, format);
    return Optional.empty();
  }

  /** Whether logs are JSON. */
  public static boolean isJson() {
    return JSON.text().equals(System.getProperty(PROPERTY));
  }

  private String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
