package io.castore.cli.command;

import io.castore.cli.system.CastoreSystem;
import io.castore.cli.system.Role;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.ExecutionException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Runs the long-running services. */
@Command(
    name = "serve",
    description = {
      "Runs the services until it is told to end. With no brokers configured it also runs the embedded broker, and"
          + " other commands on the same data directory use both."
    })
final class ServeCommand extends CastoreCommand {
  private final Output output;

  @Option(
      names = "--roles",
      split = ",",
      paramLabel = "ROLE",
      description = "Which services: ${COMPLETION-CANDIDATES}. Default: all of them.")
  private List<Role> roles = List.of(Role.values());

  @Mixin private ResetStateOption resetState = new ResetStateOption();

  ServeCommand(Output output) {
    this.output = output;
  }

  @Override
  @SuppressWarnings("try") // the hook needs no calls, only its end
  public Integer call() throws Exception {
    EnumSet<Role> wanted = EnumSet.copyOf(roles);
    try (CastoreSystem system =
            CastoreSystem.openServing(options().config(), wanted, resetState.isSet());
        AtInterrupt atInterrupt = AtInterrupt.run(system::close)) {
      output.note(
          "serving %s with Kafka at %s"
              .formatted(wanted, system.config().bootstrapServers().orElse("")));
      Throwable cause = system.failure().get();
      output.note("the service stopped: " + cause.getMessage());
      return ExitCode.UNREACHABLE;
    } catch (ExecutionException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
