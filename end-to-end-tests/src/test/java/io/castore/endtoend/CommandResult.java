package io.castore.endtoend;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** What a command came to. */
public final class CommandResult {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final String command;
  private final int exitCode;
  private final byte[] out;
  private final String err;

  /**
   * Takes what a process left.
   *
   * @param command what a user would have typed
   * @param exitCode 128 and the signal's number where a signal ended it
   * @param out its standard output
   * @param err its standard error
   */
  CommandResult(String command, int exitCode, byte[] out, String err) {
    this.command = command;
    this.exitCode = exitCode;
    this.out = out;
    this.err = err;
  }

  /** Fails unless the exit code is this one; then shows what the command said. */
  public CommandResult endedWith(int expectedExitCode) {
    if (exitCode != expectedExitCode) {
      throw new AssertionError("exit code " + expectedExitCode + " expected of " + this);
    }
    return this;
  }

  /** Gives the exit code; 128 and the signal's number where a signal ended it. */
  public int exitCode() {
    return exitCode;
  }

  /** Gives standard output itself, not a copy. */
  public byte[] out() {
    return out;
  }

  /** Gives standard error. */
  public String err() {
    return err;
  }

  /** Gives standard output as text. */
  public String text() {
    return new String(out, StandardCharsets.UTF_8);
  }

  /** Gives the lines of standard output. */
  public List<String> lines() {
    return text().lines().toList();
  }

  /** Gives the lines of standard output, each of which is a JSON object. */
  public List<JsonNode> json() {
    return parse(lines());
  }

  /** Reads lines that are a JSON object each. */
  static List<JsonNode> parse(List<String> lines) {
    List<JsonNode> objects = new ArrayList<>();
    for (String line : lines) {
      try {
        objects.add(JSON.readTree(line));
      } catch (JsonProcessingException notJson) {
        throw new AssertionError("not JSON: " + line, notJson);
      }
    }
    return objects;
  }

  @Override
  public String toString() {
    return "\"%s\": exit code %d, %d bytes of output, and it said:%n%s"
        .formatted(command, exitCode, out.length, err);
  }
}
