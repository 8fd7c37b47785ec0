package io.castore.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** The broker in the process can fail for good, and then nothing that it carries goes on. */
final class FailedBrokerTest {
  @TempDir(cleanup = CleanupMode.NEVER)
  private static Path directory;

  @Test
  void shouldEndWhenTheDataOfTheBrokerAreGone() throws IOException {
    try (CastoreProcess serve = Castore.in(directory).start("serve")) {
      serve.awaitError("serving");
      // In one step, since the broker writes on while its files would be deleted one by one.
      Path broker = directory.resolve("castore-data").resolve("broker");
      Files.move(broker, broker.resolveSibling("gone"));
      assertThat(serve.awaitEnd().endedWith(3).err())
          .containsPattern("castore: the service stopped: broker at 127\\.0\\.0\\.1:\\d+ failed");
    }
  }
}
