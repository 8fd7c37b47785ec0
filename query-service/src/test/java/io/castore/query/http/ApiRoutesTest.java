package io.castore.query.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.server.Route;
import com.linecorp.armeria.server.Server;
import com.linecorp.armeria.server.ServerBuilder;
import com.linecorp.armeria.server.ServiceConfig;
import com.linecorp.armeria.server.grpc.GrpcService;
import io.castore.broker.BrokerOptions;
import io.castore.broker.EmbeddedBroker;
import io.castore.content.reading.CachedBlobs;
import io.castore.pipeline.config.CastoreConfig;
import io.castore.query.ServicePart;
import io.castore.query.existence.ChunkExistence;
import io.castore.query.health.HealthPart;
import io.castore.query.health.MetricsPart;
import io.castore.query.now.NowPart;
import io.castore.query.sharing.SharingPart;
import io.castore.query.uploads.UploadDirectory;
import io.castore.query.uploads.UploadsService;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Holds the routes of all parts against the description. */
class ApiRoutesTest {
  /** Of a route that has not said which it has. It is described by GET alone. */
  private static final int ALL_METHODS = HttpMethod.knownMethods().size();

  @Test
  void shouldDescribeEveryRouteThatIsServedAndNoOther(@TempDir Path directory) throws Exception {
    try (EmbeddedBroker broker =
            EmbeddedBroker.start(directory.resolve("broker"), BrokerOptions.defaults());
        Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
      CastoreConfig config =
          CastoreConfig.of(
              Map.of(
                  "bootstrap.servers",
                  broker.bootstrapServers(),
                  "state.dir",
                  directory.resolve("state").toString()));
      admin
          .createTopics(List.of(new NewTopic(config.topics().uploadStatus().name(), 1, (short) 1)))
          .all()
          .get();
      assertThat(served(config)).isEqualTo(described());
    }
  }

  private static Set<String> served(CastoreConfig config) {
    try (CachedBlobs blobs = CachedBlobs.open(new StoredBlobs().store(), StoredBlobs.LIMITS);
        ChunkExistence existence = ChunkExistence.open(config, "a-store");
        UploadDirectory uploads = UploadDirectory.start(config, "a-store");
        NowPart now = NowPart.open(config, "a-store", uploads)) {
      await().until(uploads::isReady);
      List<ServicePart> parts =
          List.of(
              new BlobRoutes(
                  blobs, TestServer.limits(), new ReadFailures(new SimpleMeterRegistry())),
              new BlobPuts(new FakeIntake(), TestServer.limits()),
              new StoredUploads(
                  blobs, new FakeIntake(), new ReadFailures(new SimpleMeterRegistry())),
              existence,
              new UploadsService(uploads, TestServer.limits()),
              new SharingPart(blobs, uploads, new ReadFailures(new SimpleMeterRegistry())),
              now,
              new HealthPart(List.of(), List.of()),
              new MetricsPart(new PrometheusMeterRegistry(PrometheusConfig.DEFAULT)),
              new ApiDescription());
      ServerBuilder builder = Server.builder().http(0);
      parts.forEach(part -> part.addTo(builder));
      return served(builder.build());
    }
  }

  private static Set<String> served(Server server) {
    return server.serviceConfigs().stream()
        .filter(service -> service.service().as(GrpcService.class) == null)
        .flatMap(ApiRoutesTest::routes)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Stream<String> routes(ServiceConfig service) {
    Route route = service.route();
    String path = route.patternString().replaceAll(":([a-z]+)", "{$1}");
    return route.methods().size() == ALL_METHODS
        ? Stream.of("GET " + path)
        : route.methods().stream().map(method -> method + " " + path);
  }

  private static Set<String> described() throws Exception {
    JsonNode api;
    try (InputStream in = ApiDescription.class.getResourceAsStream("openapi.json")) {
      api = new ObjectMapper().readTree(in);
    }
    Set<String> routes = new TreeSet<>();
    for (Map.Entry<String, JsonNode> path : api.path("paths").properties()) {
      for (Map.Entry<String, JsonNode> field : path.getValue().properties()) {
        if (!field.getKey().equals("parameters")) {
          routes.add(field.getKey().toUpperCase(Locale.ROOT) + " " + path.getKey());
        }
      }
    }
    return routes;
  }
}
