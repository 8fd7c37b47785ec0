package io.castore.broker;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A broker in a process of its own, for tests that kill it. It runs the class path of this JVM, and
 * ends with this JVM at the latest. To start it again after a stop or a kill, start another one on
 * the same directory; its address is another one then.
 *
 * <p>Not thread-safe: belongs to one thread at a time.
 */
public final class BrokerProcess implements AutoCloseable {
  private static final long STOP_SECONDS = 30;

  private final Process process;
  private final BufferedReader output;
  private final Path log;
  private @Nullable String bootstrapServers;

  private BrokerProcess(Process process, Path log) {
    this.process = process;
    this.output = process.inputReader(StandardCharsets.UTF_8);
    this.log = log;
  }

  /**
   * Starts a broker, and returns when it answers clients.
   *
   * @throws IOException if it did not start, with what it wrote to standard error
   */
  public static BrokerProcess start(Path dataDir) throws IOException {
    BrokerProcess broker = launch(dataDir);
    try {
      broker.bootstrapServers();
      return broker;
    } catch (IOException e) {
      broker.close();
      throw e;
    }
  }

  /** Starts a process, and returns at once, while the broker is yet to start in it. */
  public static BrokerProcess launch(Path dataDir) throws IOException {
    Path log = Files.createTempFile("broker-process", ".log");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                // Less to do before the broker answers: it mostly lives for seconds.
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Dlogback.configurationFile=io/castore/broker/broker-process-logback.xml",
                "-cp",
                System.getProperty("java.class.path"),
                BrokerProcessMain.class.getName(),
                dataDir.toString())
            .redirectError(log.toFile())
            .start();
    return new BrokerProcess(process, log);
  }

  /**
   * The broker's address, one {@code host:port}. Waits until the broker answers clients.
   *
   * @throws IOException if it did not start, with what it wrote to standard error
   */
  public String bootstrapServers() throws IOException {
    if (bootstrapServers == null) {
      bootstrapServers = output.readLine();
    }
    if (bootstrapServers == null) {
      throw new IOException("broker process did not start: " + Files.readString(log));
    }
    return bootstrapServers;
  }

  /** Ends the process as {@code kill -9} does, and returns when it is gone. */
  public void kill() {
    process.destroyForcibly();
    if (!awaitEnd(STOP_SECONDS, TimeUnit.SECONDS)) {
      throw new IllegalStateException("broker process " + process.pid() + " does not die");
    }
  }

  /** Waits for the process's end, for so long at most, and tells whether it has ended. */
  public boolean awaitEnd(long limit, TimeUnit unit) {
    try {
      return process.waitFor(limit, unit);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Stops the broker cleanly, and returns when its process is gone. */
  public void stop() throws IOException {
    process.outputWriter(StandardCharsets.UTF_8).close();
    if (!awaitEnd(STOP_SECONDS, TimeUnit.SECONDS)) {
      throw new IOException("broker process did not stop: " + Files.readString(log));
    }
  }

  /** Kills the process if it still runs. */
  @Override
  public void close() throws IOException {
    kill();
    output.close();
    Files.deleteIfExists(log);
  }
}
