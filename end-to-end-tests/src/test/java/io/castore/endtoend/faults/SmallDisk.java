package io.castore.endtoend.faults;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;

/**
 * A directory on a small file system in memory, which can be full. It is mounted in a mount
 * namespace of its own, so that no privileges are needed, and seen through {@code /proc}.
 */
final class SmallDisk implements TestStore {
  private static final int PIECE_BYTES = 1 << 16;

  private final Process holder;
  private final Path root;

  private SmallDisk(Process holder, Path root) {
    this.holder = holder;
    this.root = root;
  }

  /**
   * Mounts one.
   *
   * @throws UnsupportedOperationException if this machine does not allow it; the message says why
   */
  static SmallDisk mount(Path round, long megabytes) throws IOException {
    Path mountPoint = Files.createDirectories(round.resolve("disk")).toAbsolutePath();
    Process holder = startHolder(mountPoint, megabytes);
    BufferedReader output = holder.inputReader(StandardCharsets.UTF_8);
    String answer = String.valueOf(output.readLine());
    Path root = Path.of("/proc", Long.toString(holder.pid()), "root" + mountPoint);
    if (!answer.equals("mounted") || !Files.isWritable(root)) {
      holder.destroyForcibly();
      throw new UnsupportedOperationException("no small file system: " + answer);
    }
    return new SmallDisk(holder, root);
  }

  private static Process startHolder(Path mountPoint, long megabytes) {
    try {
      return new ProcessBuilder(
              "unshare",
              "-rm",
              "sh",
              "-c",
              "mount -t tmpfs -o size=\"$1\"m none \"$2\" && echo mounted && exec cat",
              "sh",
              Long.toString(megabytes),
              mountPoint.toString())
          .redirectErrorStream(true)
          .start();
    } catch (IOException missing) {
      throw new UnsupportedOperationException("no small file system: " + missing.getMessage());
    }
  }

  /** Takes all the space that there is at the moment. */
  void fill() throws IOException {
    byte[] piece = new byte[PIECE_BYTES];
    try (OutputStream ballast =
        Files.newOutputStream(ballast(), StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
      while (true) {
        ballast.write(piece);
      }
    } catch (IOException full) {
      if (Files.getFileStore(root).getUsableSpace() >= PIECE_BYTES) {
        throw full;
      }
    }
  }

  /** Gives back what {@link #fill} took. */
  void free() throws IOException {
    Files.deleteIfExists(ballast());
  }

  private Path ballast() {
    return root.resolve("ballast");
  }

  @Override
  public Map<String, String> settings() {
    return Map.of("store.url", objects().toUri().toString());
  }

  @Override
  public Path objects() {
    return root.resolve("store");
  }

  @Override
  public void close() {
    holder.destroyForcibly();
  }
}
