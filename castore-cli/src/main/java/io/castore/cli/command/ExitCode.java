package io.castore.cli.command;

/** What a command's exit code says. */
final class ExitCode {
  /** All was done. */
  static final int DONE = 0;

  /** Something asked for failed or is damaged; each thing was named. */
  static final int FAILED = 1;

  /** Wrong usage or configuration. */
  static final int USAGE = 2;

  /** Kafka or the store cannot be used. */
  static final int UNREACHABLE = 3;

  private ExitCode() {}
}
