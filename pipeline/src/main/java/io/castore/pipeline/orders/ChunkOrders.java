package io.castore.pipeline.orders;

import com.google.protobuf.ByteString;
import io.castore.content.digest.Digest;
import io.castore.pipeline.config.CastoreConfig;
import io.castore.pipeline.records.UploadId;
import io.castore.pipeline.topics.Topic;
import io.castore.proto.pipeline.ChunkRecord;
import io.castore.proto.pipeline.ChunkRecord.Collect;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;

/**
 * Gives orders to the chunker, in the topic of chunks, so that each has its place among the records
 * of the same digest. An order is carried out when the chunker's group has committed past it; it is
 * not answered otherwise.
 *
 * <p>Safe for use by many threads.
 */
public final class ChunkOrders implements AutoCloseable {
  private final Topic<Digest, ChunkRecord> topic;
  private final String storeId;
  private final KafkaProducer<Digest, ChunkRecord> producer;
  private final int partitions;
  private final Map<Integer, Long> ends = new HashMap<>();
  private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();

  private ChunkOrders(CastoreConfig config, String storeId) {
    topic = config.topics().chunks();
    this.storeId = storeId;
    Map<String, Object> settings = new HashMap<>();
    settings.put(ProducerConfig.ACKS_CONFIG, "all");
    settings.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
    settings.put(ProducerConfig.LINGER_MS_CONFIG, 5);
    settings.put(
        ProducerConfig.MAX_REQUEST_SIZE_CONFIG, config.messageLimits().producerMaxRequestBytes());
    settings.putAll(config.kafkaClient());
    producer =
        new KafkaProducer<>(settings, topic.keys().serializer(), topic.values().serializer());
    partitions = producer.partitionsFor(topic.name()).size();
  }

  /**
   * Opens the way to the chunker. The topic has to exist.
   *
   * @param storeId identity of the store that orders are about
   * @throws KafkaException if Kafka cannot be reached
   */
  public static ChunkOrders open(CastoreConfig config, String storeId) {
    return new ChunkOrders(config, storeId);
  }

  /** Tells which partition a digest's records stand in. */
  public int partitionOf(Digest digest) {
    return Utils.toPositive(Utils.murmur2(digest.toBytes())) % partitions;
  }

  /**
   * Marks every partition, and waits until Kafka has the marks.
   *
   * @param run names the run of the collection
   * @return the marks' offsets, by partition
   * @throws KafkaException if they cannot be written
   */
  public Map<Integer, Long> mark(UploadId run) throws InterruptedException {
    ChunkRecord mark =
        ChunkRecord.newBuilder()
            .setMark(ChunkRecord.Mark.newBuilder().setRunId(bytes(run)))
            .build();
    Map<Integer, Future<RecordMetadata>> sent = new HashMap<>();
    for (int partition = 0; partition < partitions; partition++) {
      sent.put(partition, send(partition, null, mark));
    }
    Map<Integer, Long> offsets = new HashMap<>();
    for (Map.Entry<Integer, Future<RecordMetadata>> one : sent.entrySet()) {
      try {
        offsets.put(one.getKey(), one.getValue().get().offset());
      } catch (ExecutionException failed) {
        throw cannot(failed.getCause());
      }
    }
    return offsets;
  }

  /**
   * Has an object removed unless something referred to it since the mark.
   *
   * @param markOffset offset of the run's mark in the digest's partition
   */
  public void collect(UploadId run, Collect.Kind kind, Digest digest, long markOffset) {
    send(
        digest,
        ChunkRecord.newBuilder()
            .setCollect(
                Collect.newBuilder()
                    .setRunId(bytes(run))
                    .setKind(kind)
                    .setMarkOffset(markOffset)
                    .setStoreId(storeId)));
  }

  /** Keeps a blob's object from being collected by a run whose mark stands before this order. */
  public void claim(Digest blob) {
    send(blob, ChunkRecord.newBuilder().setClaim(ChunkRecord.Claim.getDefaultInstance()));
  }

  /** Has the next record that brings the chunk's bytes stored, whatever is known of it. */
  public void forget(Digest chunk) {
    send(
        chunk,
        ChunkRecord.newBuilder().setForget(ChunkRecord.Forget.newBuilder().setStoreId(storeId)));
  }

  /**
   * Has a chunk stored, whatever is known of it.
   *
   * @param rawSize length of the raw bytes
   * @param zstdFrame one zstd frame of them
   */
  public void restore(Digest chunk, int rawSize, byte[] zstdFrame) {
    send(
        chunk,
        ChunkRecord.newBuilder()
            .setRawSize(rawSize)
            .setRestore(
                ChunkRecord.Restore.newBuilder()
                    .setZstdFrame(ByteString.copyFrom(zstdFrame))
                    .setStoreId(storeId)));
  }

  private void send(Digest digest, ChunkRecord.Builder order) {
    Exception before = failure.get();
    if (before != null) {
      throw cannot(before);
    }
    Future<RecordMetadata> unused = send(partitionOf(digest), digest, order.build());
  }

  private Future<RecordMetadata> send(int partition, @Nullable Digest digest, ChunkRecord order) {
    return producer.send(
        new ProducerRecord<>(topic.name(), partition, digest, order),
        (at, failed) -> {
          if (failed == null) {
            noteEnd(at);
          } else {
            failure.compareAndSet(null, failed);
          }
        });
  }

  private void noteEnd(RecordMetadata at) {
    synchronized (ends) {
      ends.merge(at.partition(), at.offset() + 1, Math::max);
    }
  }

  /**
   * Waits until Kafka has all orders that were given.
   *
   * @return by partition, the offset after the last of them: they are carried out when the
   *     chunker's group has committed that
   * @throws KafkaException if one could not be written
   */
  public Map<Integer, Long> flush() {
    producer.flush();
    Exception failed = failure.get();
    if (failed != null) {
      throw cannot(failed);
    }
    synchronized (ends) {
      return Map.copyOf(ends);
    }
  }

  private KafkaException cannot(@Nullable Throwable cause) {
    return new KafkaException("cannot write to topic " + topic + ": " + cause, cause);
  }

  private static ByteString bytes(UploadId run) {
    return ByteString.copyFrom(run.toBytes());
  }

  @Override
  public void close() {
    producer.close();
  }
}
