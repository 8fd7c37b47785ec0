package io.castore.pipeline.cluster;

import io.castore.pipeline.config.CastoreConfig;
import io.castore.proto.pipeline.ServiceStatus;
import io.castore.proto.pipeline.ServiceStatus.State;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where the chunkers are reached that have said so within the last minute, by this machine's clock.
 *
 * <p>Safe for use by many threads; no call waits for Kafka but {@link #close} and {@link
 * #awaitRead}.
 */
public final class ChunkerEndpoints implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ChunkerEndpoints.class);
  private static final String ROLE = "chunker";
  private static final Duration PAUSE = Duration.ofSeconds(5);
  private static final Duration SILENCE = Duration.ofMinutes(1);

  private final CastoreConfig config;
  private final CountDownLatch read = new CountDownLatch(1);
  private final Rounds rounds;

  /** Used by the rounds alone. */
  private final Map<String, ServiceStatus> newest = new HashMap<>();

  private @Nullable TopicTail<String, ServiceStatus> tail;
  private volatile List<URI> endpoints = List.of();

  private ChunkerEndpoints(CastoreConfig config) {
    this.config = config;
    rounds = Rounds.start(log, "read where the chunkers are", PAUSE, this::look);
  }

  /** Begins to look. The topic has to exist. */
  public static ChunkerEndpoints watch(CastoreConfig config) {
    return new ChunkerEndpoints(config);
  }

  /** Gives those that are known by now, in any order. */
  public List<URI> now() {
    return endpoints;
  }

  /**
   * Waits until all that was said before the start is known.
   *
   * @return whether it came to that in time
   */
  public boolean awaitRead(Duration timeout) throws InterruptedException {
    return read.await(timeout.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void look() {
    TopicTail<String, ServiceStatus> open = tail;
    try {
      if (open == null) {
        open = new TopicTail<>(config, config.topics().services());
        tail = open;
      }
      open.<RuntimeException>readToEnd(newest::put);
    } catch (KafkaException failed) {
      close(open);
      throw failed;
    }
    long now = System.currentTimeMillis();
    newest.values().removeIf(status -> now - status.getUpdatedAtMs() > SILENCE.toMillis());
    List<URI> found = new ArrayList<>();
    newest.values().forEach(status -> addEndpoint(status, found));
    // So that not everybody asks the same one.
    Collections.shuffle(found);
    endpoints = List.copyOf(found);
    read.countDown();
  }

  private static void addEndpoint(ServiceStatus status, List<URI> found) {
    if (!status.getRole().equals(ROLE)
        || status.getState() == State.STOPPED
        || status.getEndpoint().isEmpty()) {
      return;
    }
    try {
      found.add(URI.create(status.getEndpoint()));
    } catch (IllegalArgumentException unusable) {
      log.debug("Passed over an endpoint: {}", unusable.getMessage());
    }
  }

  private void close(@Nullable TopicTail<String, ServiceStatus> open) {
    tail = null;
    if (open != null) {
      open.close();
    }
  }

  /** Takes some seconds at most. */
  @Override
  public void close() {
    rounds.close();
    close(tail);
  }
}
