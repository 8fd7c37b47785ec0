package io.castore.cli.logging;

import java.io.PrintStream;
import java.util.List;
import java.util.Map;

/**
 * The line {@code WARNING: Using incubator modules: …}, which the JVM writes to standard error
 * before {@code main} when the launcher started it with the vector API. No option turns it off, and
 * it tells a person nothing, so on a terminal it is taken away again. Elsewhere it stays: what is
 * in a file cannot be unwritten.
 *
 * <p>In a terminal that is narrower than the line, the start of the line stays.
 */
public final class IncubatorWarning {
  private static final String MODULE = "jdk.incubator.vector";

  /** Goes up one line, to its start, and clears it. */
  private static final String ERASE_LINE_ABOVE = "\u001b[A\r\u001b[K";

  /** Options that a person gave the JVM can make it write another line after this one. */
  private static final List<String> OPTIONS_OF_JVM =
      List.of("CASTORE_JAVA_OPTS", "JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS");

  private IncubatorWarning() {}

  /**
   * Erases the line where it is the last one on the terminal. To be called before anything else is
   * written there.
   *
   * @param standardError where the JVM wrote the line
   * @param isTerminal whether that is a terminal
   */
  public static void erase(PrintStream standardError, boolean isTerminal) {
    boolean written = ModuleLayer.boot().findModule(MODULE).isPresent();
    if (written && isTerminal && isErasable(System.getenv())) {
      standardError.print(ERASE_LINE_ABOVE);
      standardError.flush();
    }
  }

  /** Tells whether a terminal can erase the line, and has it right above its cursor. */
  static boolean isErasable(Map<String, String> environment) {
    String terminal = environment.getOrDefault("TERM", "");
    return !terminal.isEmpty()
        && !terminal.equals("dumb")
        && OPTIONS_OF_JVM.stream().noneMatch(environment::containsKey);
  }
}
