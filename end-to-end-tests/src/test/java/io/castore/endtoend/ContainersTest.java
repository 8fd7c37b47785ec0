package io.castore.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.castore.content.digest.Blake3;
import io.castore.content.objectstore.MinioContainer;
import io.castore.content.objectstore.S3Settings;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.io.TempDir;
import org.testcontainers.kafka.KafkaContainer;
import org.testcontainers.utility.DockerImageName;

/** Kafka and MinIO in containers, where a Docker engine and images are there. */
@EnabledIfEnvironmentVariable(named = MinioContainer.IMAGE_VARIABLE, matches = ".+")
@EnabledIfEnvironmentVariable(named = ContainersTest.KAFKA_VARIABLE, matches = ".+")
final class ContainersTest {
  static final String KAFKA_VARIABLE = "CASTORE_TEST_KAFKA_IMAGE";

  @TempDir private Path directory;

  @Test
  void shouldGiveBackWhatItTookWhenKafkaAndStoreAreInContainers() throws Exception {
    Optional<String> minioImage = MinioContainer.image();
    assumeThat(minioImage).as("an engine that runs the image").isPresent();
    byte[] content = Contents.random(2_000_000, 1);
    Contents.write(directory.resolve("file"), content);
    try (KafkaContainer kafka =
            new KafkaContainer(
                DockerImageName.parse(System.getenv(KAFKA_VARIABLE))
                    .asCompatibleSubstituteFor("apache/kafka"));
        MinioContainer minio = MinioContainer.start(minioImage.orElseThrow())) {
      kafka.start();
      S3Settings settings = minio.settings();
      Castore castore =
          Castore.in(directory)
              .with("CASTORE_BOOTSTRAP_SERVERS", kafka.getBootstrapServers())
              .with("CASTORE_TOPICS_CHUNKS_PARTITIONS", "4")
              .with("CASTORE_STORE_URL", minio.url("").toString())
              .with("CASTORE_STORE_S3_ENDPOINT", minio.endpoint().toString())
              .with("CASTORE_STORE_S3_ACCESS_KEY", Objects.requireNonNull(settings.accessKey()))
              .with("CASTORE_STORE_S3_SECRET_KEY", Objects.requireNonNull(settings.secretKey()));
      try (CastoreProcess serve = castore.start("serve")) {
        serve.awaitError("serving");
        assertThat(castore.run("ingest", "file").endedWith(0).lines())
            .isEqualTo(List.of(Contents.line(content, "file")));
        assertThat(castore.run("cat", Blake3.hash(content).toHex()).endedWith(0).out())
            .isEqualTo(content);
      }
    }
  }
}
