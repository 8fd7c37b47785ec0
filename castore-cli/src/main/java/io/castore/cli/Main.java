package io.castore.cli;

import io.castore.cli.command.Castore;
import io.castore.cli.logging.IncubatorWarning;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The process of the command {@code castore}. */
public final class Main {
  private static final Logger log = LoggerFactory.getLogger(Main.class);
  private static final int FAULT = 1;

  private Main() {}

  /** Runs the command line and ends the process with its exit code. */
  public static void main(String[] arguments) {
    IncubatorWarning.erase(System.err, Boolean.getBoolean("castore.terminal"));
    int exitCode = FAULT;
    try {
      exitCode = Castore.run(arguments);
    } catch (Error fault) {
      // Threads of the embedded broker and of the topologies would keep a process alive that does
      // nothing any more.
      log.error("The command died", fault);
    }
    System.exit(exitCode);
  }
}
