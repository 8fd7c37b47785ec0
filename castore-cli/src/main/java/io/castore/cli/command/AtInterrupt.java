package io.castore.cli.command;

/**
 * Does something when the process is told to end (Ctrl-C, SIGTERM) while this is open. The process
 * ends when it is done, with the exit code that its parent expects of the signal: 130, 143.
 */
final class AtInterrupt implements AutoCloseable {
  private final Thread hook;
  private volatile boolean interrupted;

  private AtInterrupt(Runnable action) {
    hook =
        new Thread(
            () -> {
              interrupted = true;
              action.run();
            },
            "at-interrupt");
  }

  static AtInterrupt run(Runnable action) {
    AtInterrupt atInterrupt = new AtInterrupt(action);
    Runtime.getRuntime().addShutdownHook(atInterrupt.hook);
    return atInterrupt;
  }

  /** Whether the process was told to end. */
  boolean interrupted() {
    return interrupted;
  }

  @Override
  public void close() {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException ending) {
      // The process is ending, and the hook runs or has run.
    }
  }
}
