package io.castore.cli.system;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Who runs the embedded system on a data directory: the content of its file {@code holder.json}.
 *
 * @param command the command's name: {@code ingest}
 * @param pid the process
 * @param since when it began, ISO 8601
 * @param store URL of the store that it works for
 * @param bootstrapServers where its broker listens; null until it does
 */
record Holder(
    @JsonProperty("command") String command,
    @JsonProperty("pid") long pid,
    @JsonProperty("since") String since,
    @JsonProperty("store") String store,
    @JsonProperty("bootstrap_servers") @Nullable String bootstrapServers) {
  private static final String FILE = "holder.json";
  private static final JsonMapper JSON = JsonMapper.builder().build();

  /** Whether the process is there. A process that was killed leaves its file behind. */
  boolean isAlive() {
    return ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
  }

  /** Whether others may use its broker for as long as they like. */
  boolean shares() {
    return command.equals("serve");
  }

  Holder listeningAt(String servers) {
    return new Holder(command, pid, since, store, servers);
  }

  /** Writes the file, whole at any moment. */
  void write(Path dataDir) throws IOException {
    Path next = dataDir.resolve(FILE + ".new");
    Files.write(next, JSON.writeValueAsBytes(this));
    Files.move(
        next,
        dataDir.resolve(FILE),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
  }

  /** Reads the file; empty where there is none, or none that can be read. */
  static Optional<Holder> read(Path dataDir) {
    try {
      return Optional.of(JSON.readValue(Files.readAllBytes(dataDir.resolve(FILE)), Holder.class));
    } catch (NoSuchFileException nobody) {
      return Optional.empty();
    } catch (IOException unreadable) {
      // Written by another version, or damaged: it tells nothing, and the lock alone decides.
      return Optional.empty();
    }
  }

  static void remove(Path dataDir) throws IOException {
    Files.deleteIfExists(dataDir.resolve(FILE));
  }
}
