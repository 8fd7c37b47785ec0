package io.castore.pipeline.cluster;

import com.google.protobuf.ByteString;
import io.castore.content.digest.Digest;
import io.castore.pipeline.TestBroker.Cluster;
import io.castore.pipeline.config.CastoreConfig;
import io.castore.proto.pipeline.ChunkRecord;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;

/** A topic of chunks on a real broker, filled and committed by hand. */
final class ChunkRecords {
  static final int PARTITIONS = 3;
  static final int RECORD_BYTES = 10_000;

  private final CastoreConfig config;
  private final Admin admin;
  private final String topic;
  private final Random random = new Random(1);

  ChunkRecords(Cluster cluster, Admin admin, Map<String, String> topicSettings) throws Exception {
    this.admin = admin;
    this.config = cluster.config(Map.of());
    this.topic = config.topics().chunks().name();
    cluster.makeTopics(admin, new NewTopic(topic, PARTITIONS, (short) 1).configs(topicSettings));
  }

  /** Sends as many records to each partition. */
  void send(int toEach) {
    try (KafkaProducer<Digest, ChunkRecord> producer =
        new KafkaProducer<>(
            config.kafkaClient(),
            config.topics().chunks().keys().serializer(),
            config.topics().chunks().values().serializer())) {
      for (int i = 0; i < toEach; i++) {
        for (int partition = 0; partition < PARTITIONS; partition++) {
          byte[] bytes = new byte[RECORD_BYTES];
          random.nextBytes(bytes);
          byte[] digest = new byte[Digest.LENGTH];
          random.nextBytes(digest);
          var unused =
              producer.send(
                  new ProducerRecord<>(
                      topic,
                      partition,
                      Digest.of(digest),
                      ChunkRecord.newBuilder().setRaw(ByteString.copyFrom(bytes)).build()));
        }
      }
    }
  }

  /** Commits for a group, partition by partition; a negative offset for none. */
  void commit(String group, long... offsets) throws Exception {
    Map<TopicPartition, OffsetAndMetadata> commits = new HashMap<>();
    for (int partition = 0; partition < offsets.length; partition++) {
      if (offsets[partition] >= 0) {
        commits.put(
            new TopicPartition(topic, partition), new OffsetAndMetadata(offsets[partition]));
      }
    }
    admin.alterConsumerGroupOffsets(group, commits).all().get();
  }

  /** Offsets of the first records, partition by partition. */
  List<Long> starts() throws Exception {
    Map<TopicPartition, OffsetSpec> wanted = new HashMap<>();
    for (int partition = 0; partition < PARTITIONS; partition++) {
      wanted.put(new TopicPartition(topic, partition), OffsetSpec.earliest());
    }
    return admin.listOffsets(wanted).all().get().entrySet().stream()
        .sorted(Comparator.comparing(found -> found.getKey().partition()))
        .map(found -> found.getValue().offset())
        .toList();
  }

  /** Bytes that the topic takes on the broker's disk. */
  long bytesOnDisk() throws Exception {
    return admin.describeLogDirs(List.of(1)).allDescriptions().get().values().stream()
        .flatMap(broker -> broker.values().stream())
        .flatMap(directory -> directory.replicaInfos().entrySet().stream())
        .filter(replica -> replica.getKey().topic().equals(topic))
        .mapToLong(replica -> replica.getValue().size())
        .sum();
  }
}
