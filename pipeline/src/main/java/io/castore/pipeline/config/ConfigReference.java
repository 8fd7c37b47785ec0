package io.castore.pipeline.config;

import org.apache.kafka.common.config.ConfigDef.ConfigKey;

/** Writes the reference page of all configuration keys, {@code docs/configuration.md}. */
public final class ConfigReference {
  private static final String HEAD =
      """
      # Configuration

      <!-- Made from the keys in the code by ConfigReference; a test keeps it so. -->

      Every command takes `--config FILE` (a properties file in UTF-8), environment variables, and flags; the later win
      over the former. The variable of a key is `CASTORE_`, then the key in upper case with `_` for each dot:
      `CASTORE_STORE_URL`. Any key can be given as a flag with `--set KEY=VALUE`.

      Keys that start with `kafka.` go to every Kafka client without that (`kafka.security.protocol=SASL_SSL`), keys that
      start with `streams.` to Kafka Streams. A key that nothing knows is an error.

      | key | type | default | values | meaning |
      |---|---|---|---|---|
      """;

  private ConfigReference() {}

  /** Gives the whole page as Markdown. */
  public static String markdown() {
    StringBuilder page = new StringBuilder(HEAD);
    for (ConfigKey key : ConfigKeys.definition().configKeys().values()) {
      page.append("| `").append(key.name).append("` | ");
      page.append(key.type.name().toLowerCase(java.util.Locale.ROOT)).append(" | ");
      page.append(defaultOf(key)).append(" | ");
      page.append(key.validator == null ? "" : key.validator.toString()).append(" | ");
      page.append(key.documentation).append(" |\n");
    }
    return page.toString();
  }

  private static String defaultOf(ConfigKey key) {
    String text = String.valueOf(key.defaultValue);
    boolean empty =
        text.isEmpty() || key.type == org.apache.kafka.common.config.ConfigDef.Type.PASSWORD;
    return empty ? "" : "`" + text + "`";
  }
}
