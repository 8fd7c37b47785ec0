package io.castore.gc.kafka;

import com.google.protobuf.InvalidProtocolBufferException;
import io.castore.gc.UploadHistory;
import io.castore.pipeline.config.CastoreConfig;
import io.castore.pipeline.log.GroupOffsets;
import io.castore.pipeline.log.TopicScan;
import io.castore.pipeline.records.UploadId;
import io.castore.pipeline.streams.IndexerGroup;
import io.castore.pipeline.topics.Topic;
import io.castore.proto.pipeline.ChunkReceipt;
import io.castore.proto.pipeline.UploadStatus;
import java.io.IOException;
import java.time.Instant;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/** The topics of receipts and statuses. Records that the indexer would refuse are passed over. */
final class KafkaUploadHistory implements UploadHistory, AutoCloseable {
  private final GroupOffsets indexer;
  private final TopicScan<byte[], byte[]> receipts;
  private final TopicScan<byte[], byte[]> statuses;

  KafkaUploadHistory(CastoreConfig config, String storeId, Admin admin) {
    Topic<UploadId, ChunkReceipt> topic = config.topics().chunkReceipts();
    indexer =
        new GroupOffsets(
            admin, IndexerGroup.application(config.topics(), storeId).id(), topic.name());
    receipts =
        TopicScan.open(config, topic, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    statuses =
        TopicScan.open(
            config,
            config.topics().uploadStatus(),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer());
  }

  @Override
  public Map<Integer, Long> indexedReceipts() throws InterruptedException {
    return indexer.committed();
  }

  @Override
  public Map<Integer, Long> receiptEnds() {
    return receipts.ends();
  }

  @Override
  public Map<Integer, Long> receiptsAt(Instant time) {
    return receipts.offsetsAt(time);
  }

  @Override
  public void readReceipts(Map<Integer, Long> from, Map<Integer, Long> to, ReceiptVisitor visitor)
      throws IOException {
    receipts.<IOException>read(
        from,
        to,
        record -> {
          if (isUsable(record.key(), record.value())) {
            ChunkReceipt receipt;
            try {
              receipt = ChunkReceipt.parseFrom(record.value());
            } catch (InvalidProtocolBufferException unreadable) {
              return;
            }
            visitor.visit(UploadId.of(record.key()), receipt);
          }
        });
  }

  @Override
  public Map<Integer, Long> statusEnds() {
    return statuses.ends();
  }

  @Override
  public void readStatuses(Map<Integer, Long> from, Map<Integer, Long> to, StatusVisitor visitor)
      throws IOException {
    statuses.<IOException>read(
        from,
        to,
        record -> {
          if (isUsable(record.key(), record.value())) {
            UploadStatus status;
            try {
              status = UploadStatus.parseFrom(record.value());
            } catch (InvalidProtocolBufferException unreadable) {
              return;
            }
            visitor.visit(record.partition(), record.offset(), UploadId.of(record.key()), status);
          }
        });
  }

  private static boolean isUsable(byte @Nullable [] key, byte @Nullable [] value) {
    return key != null && key.length == UploadId.LENGTH && value != null;
  }

  @Override
  public void close() {
    receipts.close();
    statuses.close();
  }
}
