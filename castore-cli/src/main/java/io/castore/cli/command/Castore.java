package io.castore.cli.command;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;

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
            .addSubcommand(new CatCommand(output))
            .addSubcommand(new StatCommand(output))
            .addSubcommand(new RestoreCommand(output))
            .addSubcommand(new UploadsCommand(output))
            .addSubcommand(new StatsCommand(output))
            .addSubcommand(new ServeCommand(output))
            .setCaseInsensitiveEnumValuesAllowed(true)
            .setExecutionExceptionHandler(new Failures(output));
    return castore.execute(arguments);
  }
}
