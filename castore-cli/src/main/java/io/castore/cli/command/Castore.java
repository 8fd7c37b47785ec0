package io.castore.cli.command;

import io.castore.cli.logging.LogLevels;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
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
    CommandLine castore = new CommandLine(new Castore());
    addCommands(castore, commands(output), arguments.length == 0 ? "" : arguments[0]);
    castore
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setExecutionStrategy(Castore::execute)
        .setExecutionExceptionHandler(new Failures(output));
    return castore.execute(arguments);
  }

  /** Adds the command that is named alone, where one is: to look at all takes a while. */
  private static void addCommands(
      CommandLine castore, Map<String, Supplier<Object>> commands, String named) {
    Supplier<Object> one = commands.get(named);
    if (one == null) {
      commands.forEach((name, command) -> castore.addSubcommand(name, command.get()));
    } else {
      castore.addSubcommand(named, one.get());
    }
  }

  private static Map<String, Supplier<Object>> commands(Output output) {
    Map<String, Supplier<Object>> commands = new LinkedHashMap<>();
    commands.put("ingest", () -> new IngestCommand(output));
    commands.put("backfill", () -> new BackfillCommand(output));
    commands.put("watch", () -> new WatchCommand(output));
    commands.put("cat", () -> new CatCommand(output));
    commands.put("stat", () -> new StatCommand(output));
    commands.put("restore", () -> new RestoreCommand(output));
    commands.put("ls", () -> new LsCommand(output));
    commands.put("uploads", () -> new UploadsCommand(output));
    commands.put("stats", () -> new StatsCommand(output));
    commands.put("audit", () -> AuditCommand.line(output));
    commands.put("gc", () -> new GcCommand(output));
    commands.put("rm", () -> new RmCommand(output));
    commands.put("pin", () -> new PinCommand(output));
    commands.put("unpin", () -> new UnpinCommand(output));
    commands.put("serve", () -> new ServeCommand(output));
    commands.put("topics", () -> TopicsCommand.line(output));
    commands.put("token", () -> new TokenCommand(output));
    commands.put("bench", () -> new BenchCommand(output));
    return commands;
  }

  private static int execute(ParseResult arguments) {
    List<CommandLine> commands = arguments.asCommandLineList();
    if (commands.get(commands.size() - 1).getCommand() instanceof CastoreCommand command) {
      LogLevels.choose(command.options().verbose(), command.options().quiet());
    }
    return new CommandLine.RunLast().execute(arguments);
  }
}
