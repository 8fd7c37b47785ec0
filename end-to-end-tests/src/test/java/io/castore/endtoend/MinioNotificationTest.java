package io.castore.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.castore.content.digest.Blake3;
import io.castore.content.objectstore.MinioServer;
import io.castore.content.objectstore.S3Server;
import io.castore.content.objectstore.S3Settings;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.io.TempDir;

/** A real MinIO server tells Kafka of an object, and the object is ingested. */
@EnabledIfEnvironmentVariable(named = S3Server.MINIO_VARIABLE, matches = ".+")
final class MinioNotificationTest {
  private static final String TOPIC = "bucket-events";
  private static final String TARGET = "CASTORE";
  private static final String SOURCE = "s3://" + S3Server.BUCKET + "/in/a%20b%2Bc";
  private static final Pattern BROKER = Pattern.compile("Kafka at (\\S+)");

  @TempDir private Path directory;

  @Test
  void shouldIngestObjectWhenMinioTellsOfIt() throws Exception {
    byte[] content = Contents.random(1_000_000, 1);
    Castore castore = Castore.in(directory);
    try (CastoreProcess serve = castore.start("serve")) {
      serve.awaitError("serving");
      try (MinioServer minio = minioThatTells(broker(serve));
          CastoreProcess watch =
              watching(castore, minio).start("watch", "--topic", TOPIC, "--json")) {
        // It makes the topic, without which no event can be sent.
        watch.awaitError("watching topic " + TOPIC);
        minio.sendEventsTo(TARGET);
        minio.put("in/a b+c", content);

        watch.awaitUntil(
            "its source listed", () -> castore.run("ls").endedWith(0).text().contains(SOURCE));
      }
      String digest = Blake3.hash(content).toHex();
      assertThat(castore.run("ls", SOURCE).endedWith(0).lines())
          .isEqualTo(List.of(digest + "  " + SOURCE));
      assertThat(castore.run("cat", digest).endedWith(0).out()).isEqualTo(content);
    }
  }

  private static String broker(CastoreProcess serve) {
    Matcher broker = BROKER.matcher(serve.toString());
    assertThat(broker.find()).as(serve.toString()).isTrue();
    return broker.group(1);
  }

  private static MinioServer minioThatTells(String broker) {
    return MinioServer.start(
        MinioServer.program().orElseThrow(),
        Map.of(
            "MINIO_NOTIFY_KAFKA_ENABLE_" + TARGET, "on",
            "MINIO_NOTIFY_KAFKA_BROKERS_" + TARGET, broker,
            "MINIO_NOTIFY_KAFKA_TOPIC_" + TARGET, TOPIC));
  }

  private static Castore watching(Castore castore, S3Server s3) {
    S3Settings settings = s3.settings();
    return castore
        .with("CASTORE_SOURCE_S3_ENDPOINT", s3.endpoint().toString())
        .with("CASTORE_SOURCE_S3_ACCESS_KEY", Objects.requireNonNull(settings.accessKey()))
        .with("CASTORE_SOURCE_S3_SECRET_KEY", Objects.requireNonNull(settings.secretKey()));
  }
}
