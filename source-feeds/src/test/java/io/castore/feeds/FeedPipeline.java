package io.castore.feeds;

import io.castore.broker.BrokerOptions;
import io.castore.broker.EmbeddedBroker;
import io.castore.content.objectstore.EmbeddedS3;
import io.castore.content.objectstore.S3Buckets;
import io.castore.pipeline.cluster.TopicProvisioner;
import io.castore.pipeline.config.CastoreConfig;
import io.castore.pipeline.records.UploadId;
import io.minio.MinioClient;
import io.minio.ObjectWriteResponse;
import io.minio.PutObjectArgs;
import io.minio.errors.MinioException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.awaitility.Awaitility;

/** A real broker and a real S3 server, shared by the tests of a class. */
public final class FeedPipeline implements AutoCloseable {
  private final Path directory;
  private final EmbeddedBroker broker;
  private final EmbeddedS3 s3;

  private FeedPipeline(Path directory, EmbeddedBroker broker, EmbeddedS3 s3) {
    this.directory = directory;
    this.broker = broker;
    this.s3 = s3;
  }

  public static FeedPipeline start() throws IOException {
    Awaitility.setDefaultTimeout(Duration.ofMinutes(1));
    Path directory = Files.createTempDirectory("feeds");
    return new FeedPipeline(
        directory,
        EmbeddedBroker.start(directory.resolve("kafka"), BrokerOptions.defaults()),
        EmbeddedS3.start());
  }

  public EmbeddedS3 s3() {
    return s3;
  }

  /** Writes an object, whatever its key is. */
  public void put(String key, String content) throws MinioException {
    byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
    ObjectWriteResponse unused =
        MinioClient.builder()
            .endpoint(s3.endpoint().toString())
            .credentials(
                Objects.requireNonNull(s3.settings().accessKey()),
                Objects.requireNonNull(s3.settings().secretKey()))
            .build()
            .putObject(
                PutObjectArgs.builder()
                    .bucket(EmbeddedS3.BUCKET)
                    .object(key)
                    .data(bytes, bytes.length)
                    .build());
  }

  /** Gives the ETag of an object. */
  public String etag(String key) throws IOException {
    try (S3Buckets buckets = S3Buckets.open(s3.settings())) {
      return buckets.stat(EmbeddedS3.BUCKET, key).orElseThrow().etag();
    }
  }

  /** Makes topics of their own for a test, and gives a configuration with them. */
  public CastoreConfig config(Map<String, String> more) throws Exception {
    Map<String, String> settings =
        new HashMap<>(
            Map.of(
                "bootstrap.servers", broker.bootstrapServers(),
                "topics.prefix", "t" + UploadId.random() + ".",
                "topics.chunks.partitions", "2",
                "topics.uploads.partitions", "2",
                "data.dir", directory.resolve("data").toString(),
                "source.s3.endpoint", s3.endpoint().toString(),
                "source.s3.access.key", Objects.requireNonNull(s3.settings().accessKey()),
                "source.s3.secret.key", Objects.requireNonNull(s3.settings().secretKey()),
                "store.s3.attempts", "2"));
    settings.putAll(more);
    CastoreConfig config = CastoreConfig.of(settings);
    try (Admin admin = Admin.create(config.kafkaClient())) {
      Map<String, Integer> unused = new TopicProvisioner(admin, config, true).provision();
    }
    return config;
  }

  @Override
  public void close() throws IOException {
    broker.close();
    s3.close();
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
