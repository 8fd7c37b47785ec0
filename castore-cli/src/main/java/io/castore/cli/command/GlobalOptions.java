package io.castore.cli.command;

import io.castore.pipeline.config.CastoreConfig;
import io.castore.pipeline.config.ConfigLoader;
import io.castore.pipeline.config.InvalidConfigException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** Options of every command, and of its subcommands: they can stand before or after these. */
final class GlobalOptions {
  @Option(
      order = 101,
      scope = ScopeType.INHERIT,
      names = "--store",
      paramLabel = "URL",
      description =
          "The store: s3://bucket/prefix, file:///path. Default: store/ in the data directory.")
  private @Nullable String store;

  @Option(
      order = 102,
      scope = ScopeType.INHERIT,
      names = "--bootstrap-servers",
      paramLabel = "HOST:PORT,...",
      description = "Kafka's brokers. Default: a broker in this process.")
  private @Nullable String bootstrapServers;

  @Option(
      order = 103,
      scope = ScopeType.INHERIT,
      names = "--data-dir",
      paramLabel = "DIR",
      description = "Directory of the embedded system. Default: ./castore-data.")
  private @Nullable Path dataDir;

  @Option(
      order = 104,
      scope = ScopeType.INHERIT,
      names = "--config",
      paramLabel = "FILE",
      description = "A properties file with configuration keys, see docs/configuration.md.")
  private @Nullable Path file;

  @Option(
      order = 105,
      scope = ScopeType.INHERIT,
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "Sets a configuration key. Can be given more than once.")
  private Map<String, String> settings = new LinkedHashMap<>();

  @Option(
      order = 106,
      scope = ScopeType.INHERIT,
      names = "--json",
      description = "Print one JSON object a line.")
  private boolean json;

  @Option(
      order = 107,
      scope = ScopeType.INHERIT,
      names = "--quiet",
      description = "Show no progress.")
  private boolean quiet;

  @Option(
      order = 108,
      scope = ScopeType.INHERIT,
      names = "--verbose",
      description = "Log more to standard error; with stack traces of errors.")
  private boolean verbose;

  boolean json() {
    return json;
  }

  boolean quiet() {
    return quiet;
  }

  boolean verbose() {
    return verbose;
  }

  /**
   * Puts the configuration together from the file, the environment and these options.
   *
   * @throws InvalidConfigException if it cannot be used
   */
  CastoreConfig config() throws InvalidConfigException {
    return config(Map.of());
  }

  /** The same, with what options of a single command set. */
  CastoreConfig config(Map<String, String> ofCommand) throws InvalidConfigException {
    Map<String, String> flags = new HashMap<>(settings);
    put(flags, "store.url", store);
    put(flags, "bootstrap.servers", bootstrapServers);
    put(flags, "data.dir", dataDir);
    flags.putAll(ofCommand);
    return ConfigLoader.load(file, System.getenv(), flags);
  }

  private static void put(Map<String, String> flags, String key, @Nullable Object value) {
    if (value != null) {
      flags.put(key, value.toString());
    }
  }
}
