package io.castore.pipeline.streams;

import java.time.Duration;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.CloseOptions.GroupMembershipOperation;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs one topology from its start to its end, and tells when it dies of itself.
 *
 * <p>Safe for use by many threads.
 */
public final class StreamsRunner implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(StreamsRunner.class);

  private final String name;
  private final KafkaStreams streams;
  private final GroupMembershipOperation onClose;
  private final CountDownLatch running = new CountDownLatch(1);
  private final CompletableFuture<Throwable> failure = new CompletableFuture<>();

  private StreamsRunner(String name, Topology topology, Properties settings) {
    this.name = name;
    this.streams = new KafkaStreams(topology, settings);
    boolean isStatic =
        settings.containsKey(StreamsConfig.consumerPrefix(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG));
    this.onClose =
        isStatic ? GroupMembershipOperation.REMAIN_IN_GROUP : GroupMembershipOperation.LEAVE_GROUP;
  }

  /**
   * Starts a topology. It takes records up some time after; see {@link #awaitRunning}.
   *
   * @param name what it is called in the log
   * @param application how Kafka knows it; the topics that it reads have to exist
   * @throws KafkaException if Kafka cannot be reached or refuses
   */
  public static StreamsRunner start(
      String name,
      Topology topology,
      Properties settings,
      StreamsApplication application,
      Admin admin)
      throws InterruptedException {
    StartOffsets.initialise(admin, application.id(), application.sources());
    StreamsRunner runner = new StreamsRunner(name, topology, settings);
    runner.start();
    return runner;
  }

  private void start() {
    streams.setUncaughtExceptionHandler(
        error -> {
          log.error("{} stops: {}", name, rootCause(error).toString());
          log.debug("{} stops", name, error);
          failure.complete(rootCause(error));
          return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
        });
    streams.setStateListener(
        (now, before) -> {
          log.debug("{}: {} -> {}", name, before, now);
          if (now == KafkaStreams.State.RUNNING) {
            running.countDown();
          }
          if (now == KafkaStreams.State.ERROR) {
            failure.complete(new KafkaException(name + " has ended with an error"));
          }
        });
    streams.start();
  }

  /**
   * Waits until the topology has its partitions and its state.
   *
   * @return whether it came to that in time
   */
  public boolean awaitRunning(Duration timeout) throws InterruptedException {
    return running.await(timeout.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Is completed with the reason, should the topology end without {@link #close} being called. */
  public CompletableFuture<Throwable> failure() {
    return failure;
  }

  /**
   * Stops the topology: what it has begun is finished and committed, for at most half a minute. A
   * static member stays a member, so that its next start takes up its work at once; another one
   * leaves, so that nobody waits for it.
   */
  @Override
  public void close() {
    CloseOptions options =
        CloseOptions.timeout(Duration.ofSeconds(30)).withGroupMembershipOperation(onClose);
    if (!streams.close(options)) {
      log.warn("{} did not stop in 30 s; what it had not committed is done again next time", name);
    }
  }

  private static Throwable rootCause(Throwable error) {
    Throwable cause = error;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause;
  }
}
