package io.castore.pipeline.config;

import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * Puts a configuration together from where people write it: a properties file, environment
 * variables, and flags, the later over the former. The variable of a key is {@code CASTORE_}, then
 * the key in upper case with {@code _} for each dot: {@code CASTORE_STORE_URL}.
 */
public final class ConfigLoader {
  private static final String ENVIRONMENT_PREFIX = "CASTORE_";

  private ConfigLoader() {}

  /**
   * Reads everything and puts it together.
   *
   * @param file a properties file in UTF-8, or none
   * @param environment all of the process's environment
   * @param flags keys and values from the command line
   * @throws InvalidConfigException if the file cannot be read, or what it all comes to cannot be
   *     used
   */
  public static CastoreConfig load(
      @Nullable Path file, Map<String, String> environment, Map<String, String> flags)
      throws InvalidConfigException {
    Map<String, String> properties = new HashMap<>();
    if (file != null) {
      properties.putAll(fromFile(file));
    }
    properties.putAll(fromEnvironment(environment));
    properties.putAll(flags);
    return CastoreConfig.of(properties);
  }

  private static Map<String, String> fromFile(Path file) throws InvalidConfigException {
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
      properties.load(reader);
    } catch (IOException | IllegalArgumentException unreadable) {
      throw new InvalidConfigException(
          "cannot read configuration file " + file + ": " + unreadable, unreadable);
    }
    Map<String, String> map = new HashMap<>();
    properties.forEach((key, value) -> map.put(key.toString(), value.toString().strip()));
    return map;
  }

  /**
   * Takes the variables that name a known key. Others with our prefix belong to the launcher or to
   * the tests, so they are not mistakes.
   */
  private static Map<String, String> fromEnvironment(Map<String, String> environment) {
    Map<String, String> properties = new HashMap<>();
    environment.forEach(
        (variable, value) -> {
          if (variable.startsWith(ENVIRONMENT_PREFIX)) {
            String key =
                variable
                    .substring(ENVIRONMENT_PREFIX.length())
                    .toLowerCase(Locale.ROOT)
                    .replace('_', '.');
            if (CastoreConfig.isKnown(key)) {
              properties.put(key, value);
            }
          }
        });
    return properties;
  }
}
