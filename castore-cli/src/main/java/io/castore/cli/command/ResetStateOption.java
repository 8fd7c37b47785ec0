package io.castore.cli.command;

import picocli.CommandLine.Option;

/** The option of commands that run roles, to give up state that belongs to another store. */
final class ResetStateOption {
  @Option(
      names = "--reset-state",
      description =
          "Give up what is remembered as stored, and what is on its way, where that belongs to another store.")
  private boolean resetState;

  boolean isSet() {
    return resetState;
  }
}
