package io.castore.endtoend.faults;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** Writes down what the threads of another JVM are doing. */
final class ThreadDump {
  private static final long SECONDS = 20;

  private ThreadDump() {}

  static void write(long pid, Path file) throws IOException {
    Process jstack =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "jstack").toString(),
                Long.toString(pid))
            .redirectErrorStream(true)
            .redirectOutput(file.toFile())
            .start();
    try {
      if (!jstack.waitFor(SECONDS, TimeUnit.SECONDS)) {
        jstack.destroyForcibly();
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IOException(interrupted);
    }
  }
}
