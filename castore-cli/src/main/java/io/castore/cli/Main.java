package io.castore.cli;

import io.castore.cli.command.Castore;

/** The process of the command {@code castore}. */
public final class Main {
  private Main() {}

  /** Runs the command line and ends the process with its exit code. */
  public static void main(String[] arguments) {
    System.exit(Castore.run(arguments));
  }
}
