package io.castore.endtoend.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * Where a server tells which port it has. The file outlives the server, so the port may be nobody's
 * any more.
 *
 * @param path the file
 */
record PortFile(Path path) {
  /** Tells the port. */
  void write(int port) throws IOException {
    Path temporary = path.resolveSibling(path.getFileName() + ".new");
    Files.writeString(temporary, Integer.toString(port));
    Files.move(temporary, path, StandardCopyOption.ATOMIC_MOVE);
  }

  /** Gives the newest port, or 0 where none was told yet. */
  int read() {
    try {
      return Integer.parseInt(Files.readString(path));
    } catch (IOException notYet) {
      return 0;
    }
  }
}
