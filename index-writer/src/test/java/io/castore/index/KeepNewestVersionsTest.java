package io.castore.index;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.castore.content.digest.Digest;
import io.castore.content.objectstore.MemoryObjectStore;
import io.castore.pipeline.records.UploadId;
import io.castore.pipeline.streams.DeadLetters;
import io.castore.pipeline.telemetry.Tracing;
import io.castore.pipeline.topics.Topics;
import io.castore.proto.pipeline.SourceEntry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class KeepNewestVersionsTest {
  private static final Topics TOPICS = new Topics("castore.");
  private static final String NAME = "s3://bucket/a";

  @TempDir private Path stateDir;
  private TopologyTestDriver driver;
  private TestInputTopic<byte[], byte[]> updates;
  private TestOutputTopic<String, SourceEntry> sources;
  private TestOutputTopic<byte[], byte[]> deadLetters;

  @BeforeEach
  void start() {
    Properties settings = new Properties();
    settings.put("application.id", "indexer");
    settings.put("bootstrap.servers", "none:1");
    settings.put("state.dir", stateDir.toString());
    IndexPorts ports =
        new IndexPorts(
            new BlobPublisher(new MemoryObjectStore(), false),
            Upload.STORE_ID,
            Duration.ofHours(1),
            new StoreWorkers(Runnable::run),
            Optional::empty,
            (upload, ranges) -> {
              throw new AssertionError("nothing is read again");
            },
            new UploadMeters(new SimpleMeterRegistry(), "dead-letters"),
            Tracing.OFF);
    driver = new TopologyTestDriver(IndexTopology.build(TOPICS, ports), settings);
    updates =
        driver.createInputTopic(
            TOPICS.sourceUpdates().name(), new ByteArraySerializer(), new ByteArraySerializer());
    sources =
        driver.createOutputTopic(
            TOPICS.sources().name(),
            TOPICS.sources().keys().deserializer(),
            TOPICS.sources().values().deserializer());
    deadLetters =
        driver.createOutputTopic(
            TOPICS.eventsDlq().name(), new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  @AfterEach
  void stop() {
    driver.close();
  }

  @Test
  void shouldSendNewerVersionsOnAndNoOlderOnes() {
    SourceEntry first = openedAt(1);
    SourceEntry second = openedAt(2);
    SourceEntry third = openedAt(3);
    send(NAME, second);
    send(NAME, first);
    send("s3://bucket/b", first);
    send(NAME, third);
    send(NAME, second);

    assertThat(sources.readKeyValuesToList())
        .containsExactly(
            KeyValue.pair(NAME, second),
            KeyValue.pair("s3://bucket/b", first),
            KeyValue.pair(NAME, third));
    assertThat(driver.getKeyValueStore(IndexTopology.NEWEST_SOURCES).get(NAME)).isEqualTo(third);
  }

  @Test
  void shouldSendAgainWhatComesAgain() {
    SourceEntry older = openedAt(1);
    SourceEntry newest = openedAt(2);
    List.of(older, newest, older, newest).forEach(entry -> send(NAME, entry));

    assertThat(sources.readValuesToList()).containsExactly(older, newest, newest);
  }

  @Test
  void shouldSetAsideWhatCannotBeUsed() {
    byte[] name = NAME.getBytes(StandardCharsets.UTF_8);
    SourceEntry entry = openedAt(1);
    updates.pipeInput(name, new byte[] {10, 100, 1});
    updates.pipeInput(name, (byte[]) null);
    updates.pipeInput((byte[]) null, entry.toByteArray());
    updates.pipeInput(new byte[] {(byte) 0xff}, entry.toByteArray());
    send(NAME, entry.toBuilder().clearUploadId().build());
    send(NAME, entry.toBuilder().clearBlobDigest().build());
    send(NAME, entry);

    assertThat(sources.readValuesToList()).containsExactly(entry);
    List<TestRecord<byte[], byte[]>> letters = deadLetters.readRecordsToList();
    assertThat(letters)
        .hasSize(6)
        .allSatisfy(
            letter -> {
              assertThat(text(letter, DeadLetters.REASON)).isNotEmpty();
              assertThat(text(letter, DeadLetters.TOPIC)).isEqualTo("castore.source-updates");
            });
  }

  private static SourceEntry openedAt(long timeMs) {
    return SourceEntry.newBuilder()
        .setBlobDigest(ByteString.copyFrom(Digest.EMPTY.toBytes()))
        .setUploadId(ByteString.copyFrom(UploadId.random().toBytes()))
        .setOpenedAtMs(timeMs)
        .build();
  }

  private void send(String name, SourceEntry entry) {
    updates.pipeInput(name.getBytes(StandardCharsets.UTF_8), entry.toByteArray());
  }

  private static String text(TestRecord<byte[], byte[]> record, String name) {
    return new String(record.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
  }
}
