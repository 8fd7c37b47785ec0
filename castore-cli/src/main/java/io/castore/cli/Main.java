package io.castore.cli;

import io.castore.cli.command.Castore;
import io.castore.cli.logging.IncubatorWarning;

/** The process of the command {@code castore}. */
public final class Main {
  private Main() {}

  /** Runs the command line and ends the process with its exit code. */
  public static void main(String[] arguments) {
    IncubatorWarning.erase(System.err, Boolean.getBoolean("castore.terminal"));
    System.exit(Castore.run(arguments));
  }
}
