package io.castore.benchmarks.chunker;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.castore.content.codec.ChunkCodec;
import io.castore.content.digest.Blake3;
import io.castore.content.digest.Digest;
import io.castore.pipeline.config.CastoreConfig;
import io.castore.pipeline.records.UploadId;
import io.castore.pipeline.topics.Topic;
import io.castore.proto.pipeline.ChunkRecord;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;

/** Fills the topic of chunks with chunks that are all different and do not compress. */
final class ChunkTopic {
  private static final int CHUNK_BYTES = 256 << 10;
  private static final long SEED = 4;

  private ChunkTopic() {}

  static void fill(CastoreConfig config, int chunks) {
    Topic<Digest, ChunkRecord> topic = config.topics().chunks();
    Map<String, Object> settings = new HashMap<>(config.kafkaClient());
    settings.put(
        ProducerConfig.MAX_REQUEST_SIZE_CONFIG, config.messageLimits().producerMaxRequestBytes());
    settings.put(ProducerConfig.BATCH_SIZE_CONFIG, config.messageLimits().producerBatchBytes());
    ByteString upload = UnsafeByteOperations.unsafeWrap(UploadId.random().toBytes());
    ChunkCodec codec = new ChunkCodec(ChunkCodec.DEFAULT_LEVEL);
    SplittableRandom random = new SplittableRandom(SEED);
    byte[] raw = new byte[CHUNK_BYTES];
    try (KafkaProducer<Digest, ChunkRecord> producer =
        new KafkaProducer<>(settings, topic.keys().serializer(), topic.values().serializer())) {
      for (int seq = 0; seq < chunks; seq++) {
        random.nextBytes(raw);
        ChunkRecord chunk =
            ChunkRecord.newBuilder()
                .setUploadId(upload)
                .setSeq(seq)
                .setRawSize(raw.length)
                .setZstdFrame(UnsafeByteOperations.unsafeWrap(codec.compress(raw, 0, raw.length)))
                .build();
        Future<RecordMetadata> unused =
            producer.send(new ProducerRecord<>(topic.name(), Blake3.hash(raw), chunk));
      }
    }
  }
}
