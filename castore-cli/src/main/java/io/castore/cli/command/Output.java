package io.castore.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import io.castore.cli.logging.LogFormat;
import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.slf4j.LoggerFactory;

/**
 * Where a command's words go: results to standard output, all else to standard error, both in UTF-8
 * whatever the locale. Where logs are JSON, notes are log events.
 *
 * <p>Safe for use by many threads.
 */
final class Output {
  private static final String RESULTS_ON_TERMINAL = "castore.terminal.results";

  /** Goes to the start of the terminal's line and clears it. */
  private static final String CLEAR_LINE = "\r\u001b[K";

  private static final String NOTES = "io.castore.notes";

  private final OutputStream results;
  private final PrintStream notes;
  private final boolean logsNotes = LogFormat.isJson();
  private volatile boolean barShown;

  Output(OutputStream results, PrintStream notes) {
    this.results = results;
    this.notes = notes;
  }

  /** Takes the process's own streams. */
  static Output ofProcess() {
    return new Output(
        new BufferedOutputStream(new FileOutputStream(FileDescriptor.out), 1 << 16),
        new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8));
  }

  /**
   * Prints one line of results.
   *
   * @throws IOException if nobody reads them any more
   */
  void result(String line) throws IOException {
    synchronized (results) {
      results.write((line + "\n").getBytes(StandardCharsets.UTF_8));
    }
  }

  /** Prints one line of JSON. */
  void result(JsonNode object) throws IOException {
    result(object.toString());
  }

  /**
   * Gives the stream of results itself, for content. Not to be closed, but flushed by {@link
   * #flush}.
   */
  OutputStream results() {
    return results;
  }

  /** Sends results on their way. */
  void flush() throws IOException {
    if (barShown && Boolean.getBoolean(RESULTS_ON_TERMINAL)) {
      clearLine();
    }
    results.flush();
  }

  /** Tells a person something, in one line. */
  void note(String line) {
    if (logsNotes) {
      LoggerFactory.getLogger(NOTES).info("{}", line);
      return;
    }
    if (barShown) {
      clearLine();
    }
    notes.println("castore: " + line);
  }

  /**
   * Says whether the terminal's last line is a progress bar now, which what is printed must not be
   * appended to.
   */
  void showsBar(boolean shown) {
    barShown = shown;
  }

  private void clearLine() {
    notes.print(CLEAR_LINE);
    notes.flush();
  }
}
