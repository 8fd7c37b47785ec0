package io.castore.cli.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import org.slf4j.LoggerFactory;

/** How much is logged, as a person asks for it on the command line. */
public final class LogLevels {
  private static final String OURS = "io.castore";
  private static final String ACCESS = "io.castore.access";

  private LogLevels() {}

  /**
   * Chooses for this process.
   *
   * @param verbose tells what the program does, and not of trouble alone
   * @param quiet leaves out the line for each request
   */
  public static void choose(boolean verbose, boolean quiet) {
    if (verbose) {
      set(OURS, Level.INFO);
    }
    if (quiet) {
      set(ACCESS, Level.OFF);
    }
  }

  private static void set(String name, Level level) {
    if (LoggerFactory.getLogger(name) instanceof Logger logger) {
      logger.setLevel(level);
    }
  }
}
