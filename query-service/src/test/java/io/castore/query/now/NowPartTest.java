package io.castore.query.now;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.linecorp.armeria.server.Server;
import com.linecorp.armeria.server.ServerBuilder;
import io.castore.broker.BrokerOptions;
import io.castore.broker.EmbeddedBroker;
import io.castore.pipeline.cluster.Reports;
import io.castore.pipeline.cluster.ServiceBeacon;
import io.castore.pipeline.cluster.TopicProvisioner;
import io.castore.pipeline.config.CastoreConfig;
import io.castore.pipeline.records.UploadId;
import io.castore.proto.pipeline.UploadStatus;
import io.castore.query.uploads.UploadDirectory;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("slow")
final class NowPartTest {
  private static final String STORE_ID = "0123456789abcdef";
  private static final Duration TIMEOUT = Duration.ofMinutes(1);
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  @TempDir private Path directory;
  private EmbeddedBroker broker;
  private CastoreConfig config;
  private UploadDirectory uploads;
  private NowPart now;
  private Server server;

  @BeforeEach
  void start() throws Exception {
    broker = EmbeddedBroker.start(directory.resolve("broker"), BrokerOptions.defaults());
    config =
        CastoreConfig.of(
            Map.of(
                "bootstrap.servers",
                broker.bootstrapServers(),
                "state.dir",
                directory.resolve("state").toString()));
    try (Admin admin = Admin.create(config.kafkaClient())) {
      assertThat(new TopicProvisioner(admin, config, true).provision()).isNotEmpty();
    }
    uploads = UploadDirectory.start(config, STORE_ID);
    now = NowPart.open(config, STORE_ID, uploads);
    ServerBuilder builder = Server.builder().http(0);
    now.addTo(builder);
    server = builder.build();
    server.start().join();
    await().atMost(TIMEOUT).until(uploads::isReady);
  }

  @AfterEach
  void stop() throws Exception {
    server.closeAsync().join();
    now.close();
    uploads.close();
    broker.close();
  }

  @Test
  void shouldTellWhatRunsWhatWaitsAndWhatBecameOfUploads() throws Exception {
    try (ServiceBeacon beacon = ServiceBeacon.start(config, "chunker")) {
      beacon.paused("the disk is full");
      send(
          UploadStatus.newBuilder()
              .setState(UploadStatus.State.COMPLETE)
              .setBytesReceived(600)
              .setNewBytes(200)
              .setNewChunks(2)
              .build());

      await()
          .atMost(TIMEOUT)
          .untilAsserted(
              () -> {
                JsonNode answer = json("/now");
                assertThat(answer.at("/services/0/role").asText()).isEqualTo("chunker");
                assertThat(answer.at("/services/0/reason").asText()).isEqualTo("the disk is full");
                assertThat(answer.at("/uploads/COMPLETE").asLong()).isEqualTo(1);
                assertThat(answer.at("/dedup_ratio").asDouble()).isEqualTo(3);
                assertThat(answer.at("/backlog/records").asLong()).isZero();
              });
    }
  }

  @Test
  void shouldTellTheLastReportOfEachCommand() throws Exception {
    assertThat(json("/reports").path("reports")).isEmpty();
    Reports.write(config, "gc", "{\"command\":\"gc\",\"clean\":false}");
    Reports.write(config, "gc", "{\"command\":\"gc\",\"clean\":true}");
    Reports.write(config, "odd", "no JSON");

    await()
        .atMost(TIMEOUT)
        .untilAsserted(
            () ->
                assertThat(json("/reports"))
                    .isEqualTo(
                        JSON.readTree("{\"reports\":[{\"command\":\"gc\",\"clean\":true}]}")));
  }

  @Test
  void shouldSayThatItCannotTellWhenKafkaIsAway() throws Exception {
    broker.close();

    HttpResponse<String> answer = get("/now");

    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(answer.headers().firstValue("retry-after")).isPresent();
    assertThat(answer.body()).contains("Kafka does not answer");
  }

  private void send(UploadStatus status) throws Exception {
    try (KafkaProducer<UploadId, UploadStatus> producer =
        new KafkaProducer<>(
            config.kafkaClient(),
            config.topics().uploadStatus().keys().serializer(),
            config.topics().uploadStatus().values().serializer())) {
      producer
          .send(
              new ProducerRecord<>(
                  config.topics().uploadStatus().name(), UploadId.random(), status))
          .get();
    }
  }

  private JsonNode json(String path) throws Exception {
    HttpResponse<String> answer = get(path);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return JSON.readTree(answer.body());
  }

  private HttpResponse<String> get(String path) throws Exception {
    return HTTP.send(
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.activeLocalPort() + path))
            .timeout(TIMEOUT)
            .build(),
        BodyHandlers.ofString());
  }
}
