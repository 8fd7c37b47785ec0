package io.castore.cli.system;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;

/** Looks whether Kafka answers. Belongs to one thread at a time. */
final class KafkaProbe implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(3);

  private final Admin admin;

  /** Asks with a client, which it closes in the end. */
  KafkaProbe(Admin admin) {
    this.admin = admin;
  }

  /** Tells what is wrong, if anything. */
  Optional<String> problem() {
    try {
      admin.describeCluster().nodes().get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
      return Optional.empty();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return Optional.of("the check was interrupted");
    } catch (ExecutionException | TimeoutException unreachable) {
      return Optional.of("Kafka does not answer");
    }
  }

  @Override
  public void close() {
    admin.close(PATIENCE);
  }
}
