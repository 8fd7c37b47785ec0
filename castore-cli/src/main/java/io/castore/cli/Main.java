package io.castore.cli;

import io.castore.cli.command.Castore;
import io.castore.cli.logging.IncubatorWarning;
import io.castore.cli.logging.LogFormat;
import java.util.Optional;
import org.slf4j.LoggerFactory;

/** The process of the command {@code castore}. */
public final class Main {
  private static final int FAULT = 1;
  private static final int WRONG_USAGE = 2;

  private Main() {}

  /** Runs the command line and ends the process with its exit code. */
  public static void main(String[] arguments) {
    IncubatorWarning.erase(System.err, Boolean.getBoolean("castore.terminal"));
    // Before anything is logged.
    Optional<String> fault = LogFormat.choose(System.getenv());
    if (fault.isPresent()) {
      System.err.println("castore: " + fault.get());
      System.exit(WRONG_USAGE);
    }
    int exitCode = FAULT;
    try {
      exitCode = Castore.run(arguments);
    } catch (Error death) {
      // Threads of the embedded broker and of the topologies would keep a process alive that does
      // nothing any more.
      LoggerFactory.getLogger(Main.class).error("The command died", death);
    }
    System.exit(exitCode);
  }
}
