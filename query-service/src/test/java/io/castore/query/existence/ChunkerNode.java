package io.castore.query.existence;

import com.linecorp.armeria.server.Server;
import com.linecorp.armeria.server.ServerBuilder;
import io.castore.chunker.ChunkerService;
import io.castore.content.objectstore.ObjectStore;
import io.castore.pipeline.cluster.ServiceBeacon;
import io.castore.pipeline.config.CastoreConfig;
import io.castore.pipeline.known.StoredChunks;
import io.castore.pipeline.outage.StoreBreaker;
import io.castore.pipeline.streams.StreamsRunner;
import io.castore.pipeline.telemetry.Telemetry;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;

/** What a process that stores chunks consists of, as far as others ask it which are stored. */
final class ChunkerNode implements AutoCloseable {
  private final ChunkExistence existence;
  private final Server server;
  private final URI endpoint;
  private final StoreBreaker breaker;
  private final StreamsRunner runner;
  private final StoredChunks stored;
  private final ServiceBeacon beacon;

  /** Starts one with a server and a state of its own. */
  ChunkerNode(
      CastoreConfig shared,
      String name,
      Path dir,
      Map<String, Integer> partitions,
      ObjectStore store,
      String storeId)
      throws Exception {
    CastoreConfig config = shared.with(Map.of("state.dir", dir.resolve(name).toString()));
    existence = ChunkExistence.open(config, storeId);
    ServerBuilder builder = Server.builder().http(0);
    existence.addTo(builder);
    server = builder.build();
    server.start().join();
    endpoint = URI.create("http://127.0.0.1:" + server.activeLocalPort());
    breaker = StoreBreaker.start(() -> {}, Duration.ofMinutes(5));
    try (Admin admin = Admin.create(config.kafkaClient())) {
      runner =
          ChunkerService.start(
              config,
              partitions,
              store,
              storeId,
              admin,
              breaker,
              Optional.of(endpoint),
              Telemetry.none());
    }
    stored =
        ChunkerService.storedChunks(config, partitions, storeId, runner, Optional.of(endpoint));
    existence.answerFrom(stored, endpoint);
    beacon =
        ServiceBeacon.start(
            config.with(Map.of("instance.id", name)), "chunker", Optional.of(endpoint));
    beacon.running();
  }

  ChunkExistence existence() {
    return existence;
  }

  StoredChunks stored() {
    return stored;
  }

  URI endpoint() {
    return endpoint;
  }

  /** Answers nobody any more. */
  void stopServer() {
    server.stop().join();
  }

  @Override
  public void close() {
    beacon.close();
    runner.close();
    breaker.close();
    stopServer();
    existence.close();
  }
}
