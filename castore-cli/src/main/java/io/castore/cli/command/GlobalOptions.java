package io.castore.cli.command;

import io.castore.pipeline.config.CastoreConfig;
import io.castore.pipeline.config.ConfigLoader;
import io.castore.pipeline.config.InvalidConfigException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
      order = 100,
      scope = ScopeType.INHERIT,
      names = "--server",
      paramLabel = "URL",
      description =
          "A query service to talk to, instead of Kafka and a store: http://host:8080. For cat, stat, restore, ingest.")
  private @Nullable URI server;

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
      description = "Show no progress, and log no requests.")
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
   * Gives the service to talk to, where one was named.
   *
   * @throws InvalidConfigException if the configuration cannot be used, or other options say how to
   *     do without a service
   */
  Optional<Server> server() throws InvalidConfigException {
    if (server == null) {
      return Optional.empty();
    }
    refuseWithServer("--store", store);
    refuseWithServer("--bootstrap-servers", bootstrapServers);
    return Optional.of(new Server(server, load(Map.of())));
  }

  /**
   * Makes sure that an option was not given beside a service.
   *
   * @param value what it was set to, if it was
   * @throws InvalidConfigException if both were given
   */
  void refuseWithServer(String option, @Nullable Object value) throws InvalidConfigException {
    if (server != null && value != null) {
      throw new InvalidConfigException(
          "--server cannot be used with %s, which is for the service itself to know"
              .formatted(option),
          null);
    }
  }

  /**
   * Puts the configuration together from the file, the environment and these options, for a command
   * that talks to no service.
   *
   * @throws InvalidConfigException if it cannot be used, or a service was named
   */
  CastoreConfig config() throws InvalidConfigException {
    return config(Map.of());
  }

  /** The same, with what options of a single command set. */
  CastoreConfig config(Map<String, String> ofCommand) throws InvalidConfigException {
    if (server != null) {
      throw new InvalidConfigException(
          "--server cannot be used with this command (expected: cat, stat, restore or ingest)",
          null);
    }
    return load(ofCommand);
  }

  /**
   * Gives those options again that another command needs for the same configuration, but the store.
   */
  List<String> ofConfiguration() {
    List<String> again = new ArrayList<>();
    if (file != null) {
      again.addAll(List.of("--config", file.toAbsolutePath().toString()));
    }
    settings.forEach((key, value) -> again.addAll(List.of("--set", key + "=" + value)));
    return again;
  }

  private CastoreConfig load(Map<String, String> ofCommand) throws InvalidConfigException {
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
