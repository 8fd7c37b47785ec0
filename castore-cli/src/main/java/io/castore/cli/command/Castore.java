package io.castore.cli.command;

import io.castore.cli.logging.LogLevels;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.ParseResult;

/** The command {@code castore}, which is its subcommands. */
@Command(
    name = "castore",
    description = "Content-addressed ingestion on Apache Kafka.",
    subcommands = {HelpCommand.class},
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    synopsisSubcommandLabel = "COMMAND",
    usageHelpAutoWidth = true,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:done",
      "1:something asked for failed or is damaged; each one was named",
      "2:wrong usage or configuration",
      "3:Kafka or the store cannot be used"
    })
public final class Castore {
  private Castore() {}

  /**
   * Runs a command line.
   *
   * @return the exit code
   */
  public static int run(String... arguments) {
    Output output = Output.ofProcess();
    CommandLine castore =
        new CommandLine(new Castore())
            .addSubcommand(new IngestCommand(output))
            .addSubcommand(new BackfillCommand(output))
            .addSubcommand(new WatchCommand(output))
            .addSubcommand(new CatCommand(output))
            .addSubcommand(new StatCommand(output))
            .addSubcommand(new RestoreCommand(output))
            .addSubcommand(new LsCommand(output))
            .addSubcommand(new UploadsCommand(output))
            .addSubcommand(new StatsCommand(output))
            .addSubcommand(AuditCommand.line(output))
            .addSubcommand(new GcCommand(output))
            .addSubcommand(new RmCommand(output))
            .addSubcommand(new PinCommand(output))
            .addSubcommand(new UnpinCommand(output))
            .addSubcommand(new ServeCommand(output))
            .addSubcommand(TopicsCommand.line(output))
            .addSubcommand(new TokenCommand(output))
            .addSubcommand(new BenchCommand(output))
            .setCaseInsensitiveEnumValuesAllowed(true)
            .setExecutionStrategy(Castore::execute)
            .setExecutionExceptionHandler(new Failures(output));
    return castore.execute(arguments);
  }

  private static int execute(ParseResult arguments) {
    List<CommandLine> commands = arguments.asCommandLineList();
    if (commands.get(commands.size() - 1).getCommand() instanceof CastoreCommand command) {
      LogLevels.choose(command.options().verbose(), command.options().quiet());
    }
    return new CommandLine.RunLast().execute(arguments);
  }
}
