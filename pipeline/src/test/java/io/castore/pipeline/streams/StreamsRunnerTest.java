package io.castore.pipeline.streams;

import static org.assertj.core.api.Assertions.assertThat;

import io.castore.content.objectstore.StoreUnavailableException;
import io.castore.pipeline.TestBroker;
import io.castore.pipeline.TestBroker.Cluster;
import io.castore.pipeline.config.CastoreConfig;
import io.castore.pipeline.outage.StoreBreaker;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.Record;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(TestBroker.class)
final class StreamsRunnerTest {
  private static final byte POISON = 13;
  private static final byte NEEDS_STORE = 14;

  private final Cluster cluster;
  private final Admin admin;
  private final String topic;
  private final BlockingQueue<Byte> processed = new LinkedBlockingQueue<>();
  private final BlockingQueue<String> pauses = new LinkedBlockingQueue<>();
  private final StoreBreaker breaker = StoreBreaker.start(this::probe, Duration.ofHours(1));
  private final AtomicBoolean storeAway = new AtomicBoolean();
  @TempDir private Path stateDir;

  StreamsRunnerTest(Cluster cluster) {
    this.cluster = cluster;
    admin = cluster.admin();
    topic = cluster.prefix() + "source";
  }

  @BeforeEach
  void makeTopic() throws Exception {
    breaker.listen(
        new StoreBreaker.Listener() {
          @Override
          public void paused(String why) {
            pauses.add(why);
          }

          @Override
          public void resumed() {}
        });
    cluster.makeTopics(admin, new NewTopic(topic, 1, (short) 1));
  }

  @AfterEach
  void closeAdmin() {
    breaker.close();
    admin.close();
  }

  @Test
  void shouldProcessWhatCameBeforeItsFirstStartAndGoOnWhereItStopped() throws Exception {
    send(1);
    try (StreamsRunner runner = start(Map.of())) {
      assertThat(runner.awaitRunning(Duration.ofMinutes(1))).isTrue();
      assertThat(next()).isEqualTo((byte) 1);
    }
    send(2);
    try (StreamsRunner runner = start(Map.of())) {
      assertThat(next()).isEqualTo((byte) 2);
      assertThat(runner.failure()).isNotDone();
    }
    assertThat(processed).isEmpty();
  }

  @Test
  void shouldLeaveNobodyWaitingForAMemberThatIsGone() throws Exception {
    try (StreamsRunner runner = start(Map.of())) {
      assertThat(runner.awaitRunning(Duration.ofMinutes(1))).isTrue();
    }

    assertThat(group().members()).isEmpty();
  }

  @Test
  void shouldStayAMemberWhereItHasAnInstanceId() throws Exception {
    try (StreamsRunner runner = start(Map.of("instance.id", "one"))) {
      assertThat(runner.awaitRunning(Duration.ofMinutes(1))).isTrue();
    }

    assertThat(group().members()).hasSize(1);
  }

  @Test
  void shouldTellTheReasonWhenItEndsOfItself() throws Exception {
    send(POISON);
    try (StreamsRunner runner = start(Map.of())) {
      assertThat(runner.failure().get(1, TimeUnit.MINUTES))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("poisoned");
    }
  }

  @Test
  void shouldPauseAtAnOutageAndTakeUpTheSameRecordAfterwards() throws Exception {
    storeAway.set(true);
    send(NEEDS_STORE);
    try (StreamsRunner runner = start(Map.of())) {
      assertThat(pauses.poll(1, TimeUnit.MINUTES)).isEqualTo("the store is away");

      storeAway.set(false);

      assertThat(next()).isEqualTo(NEEDS_STORE);
      assertThat(runner.failure()).isNotDone();
    }
  }

  private void probe() throws StoreUnavailableException {
    if (storeAway.get()) {
      throw new StoreUnavailableException("the store is away", null);
    }
  }

  private ConsumerGroupDescription group() throws Exception {
    String id = cluster.prefix() + "app";
    return java.util.Objects.requireNonNull(
        admin.describeConsumerGroups(List.of(id)).all().get().get(id));
  }

  private Byte next() throws InterruptedException {
    return java.util.Objects.requireNonNull(processed.poll(1, TimeUnit.MINUTES), "nothing came");
  }

  private StreamsRunner start(Map<String, String> more) throws Exception {
    CastoreConfig config =
        cluster.config(more).with(Map.of("state.dir", stateDir.toAbsolutePath().toString()));
    StreamsApplication application =
        new StreamsApplication(cluster.prefix() + "app", List.of(topic));
    Properties settings = StreamsSettings.of(config, application, 1);
    Topology topology =
        new Topology()
            .addSource("read", new ByteArrayDeserializer(), new ByteArrayDeserializer(), topic)
            .addProcessor("process", Recording::new, "read");
    return StreamsRunner.start("app", topology, settings, application, admin, breaker);
  }

  private void send(int value) throws Exception {
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", cluster.bootstrapServers()),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      producer.send(new ProducerRecord<>(topic, new byte[] {(byte) value})).get();
    }
  }

  private final class Recording implements Processor<byte[], byte[], Void, Void> {
    @Override
    public void process(Record<byte[], byte[]> record) {
      if (record.value()[0] == NEEDS_STORE && storeAway.get()) {
        throw new UncheckedIOException(new StoreUnavailableException("the store is away", null));
      }
      if (record.value()[0] == POISON) {
        throw new IllegalStateException("poisoned");
      }
      processed.add(record.value()[0]);
    }
  }
}
