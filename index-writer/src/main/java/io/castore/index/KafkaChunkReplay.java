package io.castore.index;

import com.google.protobuf.InvalidProtocolBufferException;
import io.castore.content.digest.Digest;
import io.castore.pipeline.config.CastoreConfig;
import io.castore.pipeline.records.UploadId;
import io.castore.proto.pipeline.ChunkRecord;
import io.castore.proto.pipeline.UploadEvent.PartitionRange;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Reads the topic {@code chunks} without a consumer group, and so without leaving a trace. */
final class KafkaChunkReplay implements ChunkReplay {
  private static final Duration POLL = Duration.ofSeconds(1);
  private static final int RECORDS_AT_A_TIME = 64;

  private final CastoreConfig config;

  KafkaChunkReplay(CastoreConfig config) {
    this.config = config;
  }

  @Override
  public Reading open(UploadId upload, List<PartitionRange> ranges) {
    Map<String, Object> settings = new HashMap<>(config.kafkaClient());
    // What was trimmed is passed over.
    settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    settings.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, RECORDS_AT_A_TIME);
    settings.put(
        ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG,
        config.messageLimits().topicMaxMessageBytes());
    settings.put(
        ConsumerConfig.FETCH_MAX_BYTES_CONFIG, config.messageLimits().consumerFetchBytes());
    KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    try {
      return new TopicReading(consumer, config.topics().chunks().name(), upload, ranges);
    } catch (RuntimeException unreadable) {
      consumer.close();
      throw unreadable;
    }
  }

  private static final class TopicReading implements Reading {
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final byte[] upload;
    private final Map<TopicPartition, Long> ends = new HashMap<>();

    TopicReading(
        KafkaConsumer<byte[], byte[]> consumer,
        String topic,
        UploadId upload,
        List<PartitionRange> ranges) {
      this.consumer = consumer;
      this.upload = upload.toBytes();
      Set<TopicPartition> existing =
          consumer.partitionsFor(topic).stream()
              .map(info -> new TopicPartition(info.topic(), info.partition()))
              .collect(Collectors.toSet());
      Map<TopicPartition, Long> starts = new HashMap<>();
      for (PartitionRange range : ranges) {
        TopicPartition partition = new TopicPartition(topic, range.getPartition());
        if (existing.contains(partition) && range.getFirstOffset() >= 0) {
          starts.merge(partition, range.getFirstOffset(), Math::min);
          ends.merge(partition, range.getEndOffset(), Math::max);
        }
      }
      consumer
          .endOffsets(ends.keySet())
          .forEach((partition, end) -> ends.merge(partition, end, Math::min));
      consumer.assign(ends.keySet());
      starts.forEach(consumer::seek);
    }

    @Override
    public Optional<List<Entry>> next() {
      Set<TopicPartition> read = new HashSet<>();
      ends.forEach(
          (partition, end) -> {
            if (consumer.position(partition) >= end) {
              read.add(partition);
            }
          });
      if (read.size() == ends.size()) {
        return Optional.empty();
      }
      consumer.pause(read);
      List<Entry> entries = new ArrayList<>();
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
        entry(record).ifPresent(entries::add);
      }
      return Optional.of(entries);
    }

    private Optional<Entry> entry(ConsumerRecord<byte[], byte[]> record) {
      if (record.value() == null || record.key() == null || record.key().length != Digest.LENGTH) {
        return Optional.empty();
      }
      try {
        ChunkRecord chunk = ChunkRecord.parseFrom(record.value());
        return Arrays.equals(chunk.getUploadId().toByteArray(), upload)
            ? Optional.of(new Entry(chunk.getSeq(), Digest.of(record.key()), chunk.getRawSize()))
            : Optional.empty();
      } catch (InvalidProtocolBufferException rejectedLongSince) {
        return Optional.empty();
      }
    }

    @Override
    public void close() {
      consumer.close();
    }
  }
}
