package io.castore.pipeline.streams;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.castore.pipeline.TestBroker;
import io.castore.pipeline.TestBroker.Cluster;
import io.castore.pipeline.config.CastoreConfig;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StoreQueryParameters;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.QueryableStoreTypes;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;
import org.apache.kafka.streams.state.Stores;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.RocksDB;

@ExtendWith(TestBroker.class)
final class BoundedRocksDbTest {
  private static final int MIB = 1 << 20;
  private static final int MEMORY_BYTES = 17 * MIB;
  private static final String STORE = "seen";
  private static final int PARTITIONS = 2;
  private static final int RECORDS = 400;
  private static final int VALUE_BYTES = 20_000;

  private final Cluster cluster;
  private final Admin admin;
  @TempDir private Path stateDir;

  BoundedRocksDbTest(Cluster cluster) {
    this.cluster = cluster;
    admin = cluster.admin();
  }

  @AfterEach
  void closeAdmin() {
    admin.close();
  }

  @Test
  void shouldHoldAllStoresOfAProcessInOneBoundedCacheWithMetrics() throws Exception {
    CastoreConfig config =
        cluster.config(
            Map.of(
                "state.memory.bytes", Integer.toString(MEMORY_BYTES),
                "state.dir", stateDir.toString()));
    cluster.makeTopics(
        admin,
        new NewTopic(config.topics().chunks().name(), PARTITIONS, (short) 1)
            .configs(Map.of("max.message.bytes", "2097152")));
    StreamsApplication application = ChunkerGroup.application(config.topics(), "0123456789");
    StartOffsets.initialise(admin, application.id(), application.sources());
    Properties settings =
        StreamsSettings.of(config, application, 2, Intake.ofChunks(config, PARTITIONS));
    send(config);

    try (KafkaStreams streams = new KafkaStreams(topology(config), settings)) {
      streams.start();
      await().until(() -> streams.state() == KafkaStreams.State.RUNNING);
      ReadOnlyKeyValueStore<Bytes, byte[]> store =
          streams.store(
              StoreQueryParameters.fromNameAndType(STORE, QueryableStoreTypes.keyValueStore()));
      await()
          .untilAsserted(
              () -> {
                for (int i = 0; i < RECORDS; i++) {
                  assertThat(store.get(Bytes.wrap(key(i)))).isEqualTo(value(i));
                  assertThat(store.get(Bytes.wrap(key(RECORDS + i)))).isNull();
                }
              });
      assertThat(metric(streams, "estimate-num-keys")).isGreaterThanOrEqualTo(RECORDS);
      assertThat(optionsOfADatabase())
          .contains("optimize_filters_for_hits=false")
          .contains("filter_policy=bloomfilter:10")
          .contains("compaction_style=kCompactionStyleLevel")
          .contains("compression=kLZ4Compression")
          .contains("index_type=kTwoLevelIndexSearch")
          .contains("partition_filters=true")
          .contains("cache_index_and_filter_blocks=true")
          .contains("write_buffer_size=" + BoundedRocksDb.writeBufferBytes(MEMORY_BYTES, 14));
      // One cache, which each store's metric shows.
      assertThat(metric(streams, "block-cache-capacity"))
          .isEqualTo((long) PARTITIONS * MEMORY_BYTES);
      assertThat(metric(streams, "block-cache-usage"))
          .isBetween(1L, (long) PARTITIONS * (MEMORY_BYTES + MIB));
      assertThat(metric(streams, "size-all-mem-tables"))
          .isLessThan(MEMORY_BYTES / 2 + PARTITIONS * MIB);
      assertThat(StateMemory.of(MEMORY_BYTES).cache().getUsage())
          .isEqualTo(metric(streams, "block-cache-usage") / PARTITIONS);
    }
    // What is shared outlives the stores.
    assertThat(StateMemory.of(MEMORY_BYTES).cache().isOwningHandle()).isTrue();
  }

  @Test
  void shouldShareOneMemoryForEachBudget() {
    RocksDB.loadLibrary();

    assertThat(StateMemory.of(20 * MIB)).isSameAs(StateMemory.of(20 * MIB));
    assertThat(StateMemory.of(20 * MIB)).isNotSameAs(StateMemory.of(21 * MIB));
  }

  @Test
  void shouldKeepWriteBuffersOfAllDatabasesWithinTheirShare() {
    assertThat(BoundedRocksDb.writeBufferBytes(128 * MIB, 112)).isEqualTo(128L * MIB / 2 / 112 / 2);
    assertThat(BoundedRocksDb.writeBufferBytes(64 * MIB, 20)).isEqualTo(64L * MIB / 2 / 20 / 2);
    assertThat(BoundedRocksDb.writeBufferBytes(16 * MIB, 112)).isEqualTo(128 << 10);
    assertThat(BoundedRocksDb.writeBufferBytes(1L << 34, 20)).isEqualTo(8 * MIB);
  }

  /** What RocksDB wrote down of the state's column family. */
  private String optionsOfADatabase() throws IOException {
    try (Stream<Path> files = Files.walk(stateDir)) {
      Path newest =
          files
              .filter(file -> file.getFileName().toString().startsWith("OPTIONS-"))
              .max(Comparator.naturalOrder())
              .orElseThrow();
      String text = Files.readString(newest);
      return text.substring(
          text.indexOf("[CFOptions \"default\"]"), text.indexOf("[CFOptions \"offsets\"]"));
    }
  }

  private static Topology topology(CastoreConfig config) {
    return new Topology()
        .addSource(
            "read",
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer(),
            config.topics().chunks().name())
        .addProcessor("remember", Remember::new, "read")
        .addStateStore(
            Stores.keyValueStoreBuilder(
                Stores.persistentKeyValueStore(STORE), Serdes.Bytes(), Serdes.ByteArray()),
            "remember");
  }

  private static final class Remember implements Processor<byte[], byte[], Void, Void> {
    private @Nullable KeyValueStore<Bytes, byte[]> store;

    @Override
    public void init(ProcessorContext<Void, Void> context) {
      store = context.getStateStore(STORE);
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
      Objects.requireNonNull(store).put(Bytes.wrap(record.key()), record.value());
    }
  }

  private static void send(CastoreConfig config) {
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            config.kafkaClient(), new ByteArraySerializer(), new ByteArraySerializer())) {
      for (int i = 0; i < RECORDS; i++) {
        var unused =
            producer.send(new ProducerRecord<>(config.topics().chunks().name(), key(i), value(i)));
      }
    }
  }

  private static byte[] key(int i) {
    return new byte[] {(byte) (i >>> 8), (byte) i};
  }

  private static byte[] value(int i) {
    byte[] value = new byte[VALUE_BYTES];
    new Random(i).nextBytes(value);
    return value;
  }

  /** The sum over all stores. */
  private static long metric(KafkaStreams streams, String name) {
    List<BigInteger> values =
        streams.metrics().values().stream()
            .filter(metric -> metric.metricName().name().equals(name))
            .map(metric -> (BigInteger) metric.metricValue())
            .toList();
    assertThat(values.size()).as(name).isLessThanOrEqualTo(PARTITIONS);
    return values.stream().mapToLong(BigInteger::longValueExact).sum();
  }
}
