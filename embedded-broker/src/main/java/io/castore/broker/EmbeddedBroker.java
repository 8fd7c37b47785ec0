package io.castore.broker;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.utils.Utils;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A Kafka broker in this process, with its own metadata quorum of one, for an application that has
 * no cluster. It listens on free ports of the loopback interface, other ones at each start, and
 * keeps its data under one directory, where it finds them again after a stop as well as after the
 * process was killed.
 *
 * <p>A fatal fault of the broker does not end the process: it is kept in {@link #failure()} and
 * told to {@link BrokerOptions#onFatal()}. The broker is of no use then, and the caller closes it.
 *
 * <p>Safe for use by many threads.
 */
public final class EmbeddedBroker implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(EmbeddedBroker.class);

  private final DataDirectory directory;
  private final LoopbackSockets sockets;
  private final BrokerThreads threads;
  private final NodeRunner runner;
  private boolean closed;

  private EmbeddedBroker(DataDirectory directory, LoopbackSockets sockets, BrokerOptions options) {
    this.directory = directory;
    this.sockets = sockets;
    threads = new BrokerThreads(sockets.brokerPort());
    runner = new NodeRunner(directory.logs(), sockets, threads, options);
  }

  /**
   * Starts a broker on a directory, which is made and formatted where no broker was before, and
   * returns when it answers clients.
   *
   * @param dataDir all of the broker's files are below it
   * @throws BrokerStartException if the directory is in use by another broker, cannot be written or
   *     is on a full disk, if the start took longer than the options allow, if the calling thread
   *     was interrupted, or if Kafka failed
   */
  public static EmbeddedBroker start(Path dataDir, BrokerOptions options)
      throws BrokerStartException {
    long startNanos = System.nanoTime();
    EmbeddedBroker broker = open(dataDir, options);
    try {
      broker.runner.awaitStart();
    } catch (Exception e) {
      broker.close();
      if (e instanceof InterruptedException) {
        Thread.currentThread().interrupt();
      }
      throw notStarted(dataDir, e);
    }
    broker.tellFault(options);
    log.info(
        "Started a broker at {} on {} in {} ms",
        broker.bootstrapServers(),
        dataDir,
        TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNanos));
    return broker;
  }

  /** What clients on this machine set as {@code bootstrap.servers}: one {@code host:port}. */
  public String bootstrapServers() {
    return LoopbackSockets.HOST + ":" + sockets.brokerPort();
  }

  /** The first fault that the broker cannot recover from; empty as long as there was none. */
  public Optional<Throwable> failure() {
    return Optional.ofNullable(threads.fault().getNow(null));
  }

  /**
   * Stops the broker and leaves the directory to the next one. Returns after about the close
   * timeout of the options at the latest; if the broker has not stopped by then, says so in the log
   * and keeps the directory locked until the process ends. A second call does nothing.
   */
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    if (!runner.stop()) {
      log.error("The broker at {} does not stop; its directory stays locked", bootstrapServers());
      return;
    }
    Utils.closeQuietly(sockets, "listening sockets");
    directory.close();
  }

  private static EmbeddedBroker open(Path dataDir, BrokerOptions options)
      throws BrokerStartException {
    DataDirectory directory = DataDirectory.open(dataDir);
    try {
      return new EmbeddedBroker(directory, LoopbackSockets.open(), options);
    } catch (IOException e) {
      directory.close();
      throw notStarted(dataDir, e);
    }
  }

  private void tellFault(BrokerOptions options) {
    // On a thread of its own: the listener may close the broker, which waits for the broker's
    // threads, and the fault is found on one of them.
    CompletableFuture<Thread> unused =
        threads.fault().thenApply(fault -> threads.start("fault", () -> tell(options, fault)));
  }

  private void tell(BrokerOptions options, Throwable fault) {
    options.onFatal().accept("broker at " + bootstrapServers() + " failed: " + fault.getMessage());
  }

  private static BrokerStartException notStarted(Path dataDir, Exception cause) {
    Throwable root = cause;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    String message = "broker did not start on data directory " + dataDir + ": " + cause;
    return new BrokerStartException(root == cause ? message : message + ": " + root, cause);
  }
}
