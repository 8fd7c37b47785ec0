package io.castore.pipeline.streams;

import io.castore.pipeline.outage.StoreBreaker;
import io.castore.pipeline.outage.StoreOutages;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.CloseOptions.GroupMembershipOperation;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs one topology from its start to its end, pauses it while its store is away, and tells when it
 * dies of itself.
 *
 * <p>Safe for use by many threads.
 */
public final class StreamsRunner implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(StreamsRunner.class);

  private final String name;
  private final KafkaStreams streams;
  private final StoreBreaker breaker;
  private final GroupMembershipOperation onClose;
  private final CountDownLatch running = new CountDownLatch(1);
  private final CompletableFuture<Throwable> failure = new CompletableFuture<>();

  private StreamsRunner(String name, Topology topology, Properties settings, StoreBreaker breaker) {
    this.name = name;
    this.breaker = breaker;
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
   * @param admin used during this call alone
   * @param breaker tells when the topology is to pause, and learns when it has met an outage;
   *     belongs to the caller, who closes it after the runner
   * @throws KafkaException if Kafka cannot be reached or refuses
   */
  public static StreamsRunner start(
      String name,
      Topology topology,
      Properties settings,
      StreamsApplication application,
      Admin admin,
      StoreBreaker breaker)
      throws InterruptedException {
    StartOffsets.initialise(admin, application.id(), application.sources());
    StreamsRunner runner = new StreamsRunner(name, topology, settings, breaker);
    runner.start();
    return runner;
  }

  private void start() {
    streams.setUncaughtExceptionHandler(this::handle);
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
    breaker.listen(
        new StoreBreaker.Listener() {
          @Override
          public void paused(String why) {
            streams.pause();
          }

          @Override
          public void resumed() {
            streams.resume();
          }
        });
    streams.start();
  }

  /**
   * Decides what a stream thread's death means. One that met an outage is replaced, and its records
   * come again from the last commit: the topology pauses before the new thread begins.
   */
  private StreamThreadExceptionResponse handle(Throwable error) {
    Optional<Throwable> outage = StoreOutages.causeOf(error);
    if (outage.isPresent()) {
      log.debug("{} met an outage of the store", name, error);
      breaker.failed(outage.get());
      return StreamThreadExceptionResponse.REPLACE_THREAD;
    }
    Throwable cause = rootCause(error);
    log.error("{} stops: {}", name, cause.toString());
    log.debug("{} stops", name, error);
    failure.complete(
        cause instanceof FencedInstanceIdException
            ? new KafkaException(
                "another process of the same instance.id has taken over the work of "
                    + name
                    + "; give each process an instance.id of its own",
                cause)
            : cause);
    return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
  }

  /**
   * Waits until the topology has its partitions and its state.
   *
   * @return whether it came to that in time
   */
  public boolean awaitRunning(Duration timeout) throws InterruptedException {
    return running.await(timeout.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Shows what the topology's stores hold. */
  public StateView state() {
    return new StateView(streams);
  }

  /** Gives what Kafka Streams and its clients tell of themselves now. */
  public Map<MetricName, ? extends Metric> metrics() {
    return streams.metrics();
  }

  /** What the topology is called in the log. */
  public String name() {
    return name;
  }

  /** Tells whether it has had its partitions and its state, and lives. Paused, it still does. */
  public boolean isRunning() {
    return running.getCount() == 0 && streams.state().isRunningOrRebalancing();
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
