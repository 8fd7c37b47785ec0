package io.castore.cli.command;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;

/** Holds the store against the log; its subcommands do. */
@Command(
    name = "audit",
    description = "Holds the store against what the topics say, and puts right what differs.",
    subcommands = {HelpCommand.class},
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    synopsisSubcommandLabel = "COMMAND",
    usageHelpAutoWidth = true)
final class AuditCommand {
  private AuditCommand() {}

  /** Puts the command and its subcommands together. */
  static CommandLine line(Output output) {
    return new CommandLine(new AuditCommand())
        .addSubcommand(new AuditVerifyCommand(output))
        .addSubcommand(new AuditReplayCommand(output))
        .addSubcommand(new AuditRepairCommand(output))
        .addSubcommand(new AuditRebuildCommand(output));
  }
}
