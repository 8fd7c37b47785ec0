package io.castore.cli.command;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;

/** Looks after the pipeline's topics; its subcommands do. */
@Command(
    name = "topics",
    description = "Makes and checks the pipeline's topics.",
    subcommands = {HelpCommand.class},
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    synopsisSubcommandLabel = "COMMAND",
    usageHelpAutoWidth = true)
final class TopicsCommand {
  private TopicsCommand() {}

  /** Puts the command and its subcommands together. */
  static CommandLine line(Output output) {
    return new CommandLine(new TopicsCommand()).addSubcommand(new TopicsCreateCommand(output));
  }
}
