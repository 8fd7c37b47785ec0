package io.castore.cli.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * A data directory with its store, and the commands on it.
 *
 * @param directory where commands run that name no files, and what they print goes to
 * @param store URL of the store; empty for the data directory's own
 */
record Installation(CastoreCommands commands, Children children, Path directory, String store) {
  Path dataDir() {
    return directory.resolve("data");
  }

  /** Gives the command line of a castore command on it. */
  List<String> line(String... arguments) {
    return commands.line(dataDir(), store, Arrays.asList(arguments));
  }

  /** Starts its service, and waits until it is ready. */
  Service serve() throws IOException, InterruptedException {
    return Service.start(children, line("serve", "--quiet", "--port", "0"), directory);
  }
}
