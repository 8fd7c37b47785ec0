package io.castore.feeds.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.castore.content.objectstore.EmbeddedS3;
import io.castore.feeds.FeedPipeline;
import io.castore.feeds.StandInPipeline;
import io.castore.feeds.notification.Notifications;
import io.castore.ingest.Ingester;
import io.castore.pipeline.config.CastoreConfig;
import io.castore.pipeline.log.GroupOffsets;
import io.castore.pipeline.log.TopicScan;
import io.castore.pipeline.records.UploadId;
import io.castore.pipeline.streams.DeadLetters;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a watch does on a real broker and a real S3 server. */
@Tag("slow")
final class WatchServiceTest {
  private static FeedPipeline feeds;

  @TempDir private Path directory;

  private final String prefix = UploadId.random().toString();
  private final String topic = "events-" + prefix;
  private CastoreConfig config;
  private StandInPipeline pipeline;
  private Ingester ingester;
  private KafkaProducer<byte[], byte[]> producer;

  @BeforeAll
  static void startServers() throws Exception {
    feeds = FeedPipeline.start();
  }

  @AfterAll
  static void stopServers() throws Exception {
    feeds.close();
  }

  @BeforeEach
  void open() throws Exception {
    config =
        feeds.config(
            Map.of(
                "watch.topic", topic,
                "watch.attempts", "2",
                "watch.stable.ms", "100",
                "store.s3.attempts", "1"));
    try (Admin admin = Admin.create(config.kafkaClient())) {
      admin.createTopics(List.of(new NewTopic(topic, 1, (short) 1))).all().get();
    }
    pipeline = StandInPipeline.start(config);
    ingester = Ingester.open(config);
    producer =
        new KafkaProducer<>(
            config.kafkaClient(), new ByteArraySerializer(), new ByteArraySerializer());
  }

  @AfterEach
  void close() throws Exception {
    producer.close();
    ingester.close();
    pipeline.close();
  }

  @Test
  void shouldIngestWhatEventsTellOf() throws Exception {
    put("a", "1");
    put("b c", "2");
    tell(Notifications.minio("ObjectCreated:Put", EmbeddedS3.BUCKET, key("a"), "", "01"));
    tell(
        Notifications.aws(
            Notifications.awsRecord("ObjectCreated:Put", EmbeddedS3.BUCKET, key("b c"), "", "01"),
            Notifications.awsRecord(
                "ObjectRemoved:Delete", EmbeddedS3.BUCKET, key("a"), "", "02")));

    try (WatchService watch = start()) {
      awaitProgress(watch, now -> now.ingested() == 2 && now.lag() == 0);
      assertThat(watch.progress().others()).isEqualTo(1);
      await().until(() -> committed() == 2);
    }
    assertThat(pipeline.complete()).containsExactlyInAnyOrder(name("a"), name("b%20c"));
  }

  @Test
  void shouldCommitNothingThatIsNotCompleteAndTakeItAgain() throws Exception {
    put("a", "1");
    put("b", "2");
    pipeline.hold();
    tell(created("a", "", "01"));
    tell(created("b", "", "01"));
    try (WatchService watch = start()) {
      await().until(() -> pipeline.sealed() == 2);
      assertThat(watch.progress().inFlight()).isEqualTo(2);
    }
    assertThat(committed()).isZero();

    pipeline.goOn();
    try (WatchService watch = start()) {
      awaitProgress(watch, now -> now.ingested() + now.skipped() == 2 && now.lag() == 0);
    }
    assertThat(committed()).isEqualTo(2);
    assertThat(pipeline.complete()).contains(name("a"), name("b"));
  }

  @Test
  void shouldPassOverEventsThatComeAgainOrLate() throws Exception {
    put("a", "old");
    String old = feeds.etag(key("a"));
    put("a", "new");
    String now = feeds.etag(key("a"));
    tell(created("a", now, "0A02"));
    tell(created("a", old, "0A01"));
    tell(created("a", now, "0A02"));
    tell(created("a", old, "0A01"));

    try (WatchService watch = start()) {
      awaitProgress(watch, progress -> progress.ingested() + progress.skipped() == 4);
      assertThat(watch.progress().ingested()).isEqualTo(1);
    }
    assertThat(feeds.s3().reads()).containsEntry(key("a"), 1);
  }

  @Test
  void shouldReadWhatIsThereThoughItsEventSeemsToBeOld() throws Exception {
    put("a", "1");
    tell(created("a", feeds.etag(key("a")), "0A02"));
    try (WatchService watch = start()) {
      awaitProgress(watch, now -> now.ingested() == 1);
      put("a", "2");
      tell(created("a", feeds.etag(key("a")), "0A01"));
      awaitProgress(watch, now -> now.ingested() == 2);
    }
  }

  @Test
  void shouldWriteWhatCannotBeIngestedToTheDeadLetters() throws Exception {
    put("good", "1");
    tell(created("gone", "", "01"));
    tell("no json".getBytes(StandardCharsets.UTF_8));
    tell(created("good", "", "01"));

    try (WatchService watch = start()) {
      awaitProgress(watch, now -> now.deadLetters() == 2 && now.ingested() == 1);
      assertThat(watch.progress().vanished()).isEqualTo(1);
      assertThat(watch.progress().malformed()).isEqualTo(1);
      await().until(() -> committed() == 3);
    }
    assertThat(deadLetters())
        .anySatisfy(
            letter -> {
              assertThat(header(letter, DeadLetters.REASON))
                  .isEqualTo("vanished: " + name("gone") + ": there is no such object any more");
              assertThat(header(letter, DeadLetters.TOPIC)).isEqualTo(topic);
              assertThat(header(letter, DeadLetters.PARTITION)).isEqualTo("0");
              assertThat(header(letter, DeadLetters.OFFSET)).isEqualTo("0");
            })
        .anySatisfy(
            letter -> {
              assertThat(header(letter, DeadLetters.REASON)).startsWith("malformed: not JSON");
              assertThat(letter.value()).asString().isEqualTo("no json");
            });
  }

  @Test
  void shouldNameWhatItMayNotRead() throws Exception {
    put("secret", "1");
    put("good", "2");
    feeds.s3().refuse(key("secret"));
    tell(created("secret", "", "01"));
    tell(created("good", "", "01"));

    try (WatchService watch = start()) {
      awaitProgress(watch, now -> now.deadLetters() == 1 && now.ingested() == 1);
      assertThat(watch.progress().denied()).isEqualTo(1);
      await().until(() -> committed() == 2);
    }
    assertThat(deadLetters())
        .anySatisfy(
            letter ->
                assertThat(header(letter, DeadLetters.REASON))
                    .startsWith("denied: " + name("secret")));
  }

  @Test
  void shouldTryAgainWhatFailsForTheMoment() throws Exception {
    put("a", "1");
    tell(created("a", "", "01"));
    feeds.s3().failNext(1);

    try (WatchService watch = start()) {
      awaitProgress(watch, now -> now.ingested() == 1);
      assertThat(watch.progress().deadLetters()).isZero();
    }
  }

  @Test
  void shouldEndWhereItIsNotKnownToTheService() throws Exception {
    put("a", "1");
    config = config.with(Map.of("source.s3.access.key", "nobody", "watch.attempts", "1"));
    tell(created("a", "", "01"));

    try (WatchService watch = start()) {
      assertThat(watch.failure().get(1, TimeUnit.MINUTES)).hasMessageContaining("keys");
      assertThat(watch.progress().deadLetters()).isZero();
    }
    assertThat(committed()).isZero();
  }

  @Test
  void shouldIngestFilesThatHaveComeToRest() throws Exception {
    Path watched = Files.createDirectory(directory.resolve("in"));
    Files.writeString(watched.resolve("before"), "1");
    Path own = Files.createDirectory(watched.resolve("store"));
    Files.writeString(own.resolve("chunk"), "x");
    // A file that was written to two seconds before it was read, or later, is read once more.
    config =
        config.with(
            Map.of(
                "watch.topic", "",
                "watch.directories", watched.toString(),
                "watch.stable.ms", "2000"));
    try (WatchService watch = WatchService.start(config, ingester::submit, List.of(own))) {
      awaitProgress(watch, now -> now.ingested() == 1);
      Path below = Files.createDirectories(watched.resolve("x/y"));
      Files.writeString(below.resolve("after"), "2");
      awaitProgress(watch, now -> now.ingested() == 2);
      Files.writeString(below.resolve("after"), "22");
      awaitProgress(watch, now -> now.ingested() == 3);
    }
    assertThat(pipeline.complete())
        .containsExactly(
            watched.resolve("before").toUri().toString(),
            watched.resolve("x/y/after").toUri().toString(),
            watched.resolve("x/y/after").toUri().toString());

    try (WatchService watch = WatchService.start(config, ingester::submit, List.of(own))) {
      Files.writeString(watched.resolve("more"), "4");
      awaitProgress(watch, now -> now.ingested() == 1);
    }
    assertThat(pipeline.complete()).hasSize(4).endsWith(watched.resolve("more").toUri().toString());
  }

  private WatchService start() throws Exception {
    return WatchService.start(config, ingester::submit, List.of());
  }

  private static void awaitProgress(WatchService watch, Predicate<WatchProgress> expected) {
    await().until(watch::progress, expected);
  }

  private long committed() throws Exception {
    try (Admin admin = Admin.create(config.kafkaClient())) {
      return new GroupOffsets(admin, NotificationFollower.group(config), topic)
          .committed()
          .getOrDefault(0, 0L);
    }
  }

  private List<ConsumerRecord<byte[], byte[]>> deadLetters() {
    List<ConsumerRecord<byte[], byte[]>> letters = new ArrayList<>();
    try (TopicScan<byte[], byte[]> scan = TopicScan.open(config, config.topics().eventsDlq())) {
      scan.<RuntimeException>readAll(letters::add);
    }
    return letters;
  }

  private static String header(ConsumerRecord<byte[], byte[]> letter, String name) {
    Header header = letter.headers().lastHeader(name);
    return header == null ? "" : new String(header.value(), StandardCharsets.UTF_8);
  }

  private ObjectNode created(String key, String etag, String sequencer) {
    return Notifications.minio("ObjectCreated:Put", EmbeddedS3.BUCKET, key(key), etag, sequencer);
  }

  private void tell(ObjectNode notification) throws Exception {
    tell(Notifications.bytes(notification));
  }

  private void tell(byte[] value) throws Exception {
    var unused = producer.send(new ProducerRecord<>(topic, value)).get(1, TimeUnit.MINUTES);
  }

  private String key(String key) {
    return prefix + "/" + key;
  }

  private String name(String escaped) {
    return "s3://" + EmbeddedS3.BUCKET + "/" + prefix + "/" + escaped;
  }

  private void put(String key, String content) throws Exception {
    feeds.put(key(key), content);
  }
}
