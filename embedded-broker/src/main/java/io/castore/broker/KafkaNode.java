package io.castore.broker;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import kafka.server.BrokerServer;
import kafka.server.ControllerServer;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import kafka.server.SharedServer;
import org.apache.kafka.common.errors.BrokerIdNotRegisteredException;
import org.apache.kafka.common.message.RequestHeaderData;
import org.apache.kafka.common.metrics.MetricConfig;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.security.auth.KafkaPrincipal;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.controller.ControllerRequestContext;
import org.apache.kafka.metadata.bootstrap.BootstrapDirectory;
import org.apache.kafka.metadata.bootstrap.BootstrapMetadata;
import org.apache.kafka.metadata.properties.MetaPropertiesEnsemble;
import org.apache.kafka.metadata.properties.MetaPropertiesEnsemble.VerificationFlag;

/**
 * Kafka's controller and broker, put together as Kafka's own {@link KafkaRaftServer} does, but with
 * sockets that are bound already and with fault handlers that leave the JVM alone.
 *
 * <p>Not thread-safe, but may be handed from one thread to another.
 */
final class KafkaNode {
  private static final long POLL_MILLIS = 1;

  private final Metrics metrics;
  private final ControllerServer controller;
  private final BrokerServer broker;

  KafkaNode(Path logs, LoopbackSockets sockets, BrokerThreads threads, BrokerOptions options)
      throws Exception {
    KafkaConfig config = new KafkaConfig(BrokerSettings.of(logs, sockets, options), false);
    MetaPropertiesEnsemble identity = readIdentity(logs);
    BootstrapMetadata bootstrap = new BootstrapDirectory(logs.toString()).read();
    // From here on there is something to close.
    metrics = new Metrics(new MetricConfig(), new ArrayList<>(), Time.SYSTEM, true);
    SharedServer shared =
        new SharedServer(
            config,
            identity,
            Time.SYSTEM,
            metrics,
            CompletableFuture.completedFuture(
                Map.of(BrokerSettings.NODE_ID, sockets.controllerAddress())),
            List.of(),
            threads,
            sockets);
    controller = new ControllerServer(shared, KafkaRaftServer.configSchema(), bootstrap);
    broker = new BrokerServer(shared);
  }

  /** Starts, and returns when the broker answers clients and knows itself to be alive. */
  void start() throws Exception {
    controller.startup();
    unregisterEarlierBroker();
    broker.startup();
    await(() -> broker.metadataCache().hasAliveBroker(BrokerSettings.NODE_ID));
  }

  /** Stops what was started, in the opposite order. Logs what fails, and goes on. */
  void stop(Duration timeout) {
    try {
      broker.shutdown(timeout);
    } finally {
      try {
        controller.shutdown();
      } finally {
        // Already closed, unless a start failed early.
        metrics.close();
      }
    }
  }

  /**
   * Removes the registration that the broker of an earlier process left behind, which is dead, for
   * this process holds the lock on the data. Kafka would otherwise refuse the new broker until the
   * old one's session has expired: 9 seconds by default, and a session that is much shorter could
   * expire in a process that is merely busy.
   */
  private void unregisterEarlierBroker() throws Exception {
    await(() -> controller.controller().isActive());
    ControllerRequestContext request =
        new ControllerRequestContext(
            new RequestHeaderData(), KafkaPrincipal.ANONYMOUS, OptionalLong.empty());
    try {
      controller.controller().unregisterBroker(request, BrokerSettings.NODE_ID).get();
    } catch (ExecutionException e) {
      if (!(e.getCause() instanceof BrokerIdNotRegisteredException)) {
        throw e;
      }
    }
  }

  /** Waits for what Kafka gives no signal for. The time limit is an interrupt of the thread. */
  private static void await(BooleanSupplier condition) throws InterruptedException {
    while (!condition.getAsBoolean()) {
      TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
    }
  }

  private static MetaPropertiesEnsemble readIdentity(Path logs) throws Exception {
    MetaPropertiesEnsemble identity =
        new MetaPropertiesEnsemble.Loader()
            .addMetadataLogDir(logs.toString())
            .addLogDirs(List.of(logs.toString()))
            .load();
    identity.verify(
        Optional.empty(),
        OptionalInt.of(BrokerSettings.NODE_ID),
        EnumSet.of(
            VerificationFlag.REQUIRE_AT_LEAST_ONE_VALID,
            VerificationFlag.REQUIRE_METADATA_LOG_DIR));
    return identity;
  }
}
