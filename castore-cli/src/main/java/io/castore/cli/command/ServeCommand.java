package io.castore.cli.command;

import io.castore.cli.system.CastoreSystem;
import io.castore.cli.system.Role;
import io.castore.pipeline.config.CastoreConfig;
import io.castore.pipeline.config.InvalidConfigException;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Runs the long-running services. */
@Command(
    name = "serve",
    description = {
      "Runs the services until it is told to end, and answers HTTP and gRPC on one port. With no brokers configured it"
          + " also runs the embedded broker, and other commands on the same data directory use both.",
      "",
      "On an address that others can reach it starts only where it knows its callers, by tokens (server.tokens.file,"
          + " see castore token) or by their certificates (server.tls.client.ca.file), or with --insecure."
    })
final class ServeCommand extends CastoreCommand {
  private final Output output;

  @Option(
      names = "--roles",
      split = ",",
      paramLabel = "ROLE",
      description =
          "Which services: ${COMPLETION-CANDIDATES}. Default: all of them; watch where watch.topic or"
              + " watch.directories says what.")
  private List<Role> roles = List.of(Role.values());

  @Option(
      names = "--host",
      paramLabel = "ADDRESS",
      description = "Address to listen at; 0.0.0.0 for all of this machine's. Default: 127.0.0.1.")
  private @Nullable String host;

  @Option(
      names = "--port",
      paramLabel = "PORT",
      description = "Port to listen at; 0 for any that is free. Default: 8080.")
  private @Nullable Integer port;

  @Option(
      names = "--insecure",
      description = "Let everybody who reaches the address read and write everything.")
  private boolean insecure;

  @Mixin private ResetStateOption resetState = new ResetStateOption();

  ServeCommand(Output output) {
    this.output = output;
  }

  @Override
  @SuppressWarnings("try") // the hook needs no calls, only its end
  public Integer call() throws Exception {
    CastoreConfig config = options().config(flags());
    EnumSet<Role> wanted = wanted(config);
    try (CastoreSystem system = CastoreSystem.openServing(config, wanted, resetState.isSet());
        AtInterrupt atInterrupt = AtInterrupt.run(system::close)) {
      output.note(
          "serving %s at %s, with Kafka at %s"
              .formatted(wanted, system.url(), system.config().bootstrapServers().orElse("")));
      Throwable cause = system.failure().get();
      output.note("the service stopped: " + cause.getMessage());
      return ExitCode.UNREACHABLE;
    } catch (ExecutionException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /** Leaves the watch out where it has nothing to follow, unless it alone is asked for. */
  private EnumSet<Role> wanted(CastoreConfig config) throws InvalidConfigException {
    EnumSet<Role> wanted = EnumSet.copyOf(roles);
    if (!config.watch().isAny()) {
      wanted.remove(Role.WATCH);
    }
    if (wanted.isEmpty()) {
      throw new InvalidConfigException(
          "nothing to watch (expected: the keys watch.topic or watch.directories)", null);
    }
    return wanted;
  }

  private Map<String, String> flags() {
    Map<String, String> flags = new HashMap<>();
    if (host != null) {
      flags.put("server.host", host);
    }
    if (port != null) {
      flags.put("server.port", port.toString());
    }
    if (insecure) {
      flags.put("server.insecure", "true");
    }
    return flags;
  }
}
