package io.castore.pipeline.topics;

import io.castore.content.digest.Digest;
import io.castore.pipeline.records.RecordSerdes;
import io.castore.pipeline.records.UploadId;
import io.castore.proto.pipeline.ChunkReceipt;
import io.castore.proto.pipeline.ChunkRecord;
import io.castore.proto.pipeline.ChunkRequest;
import io.castore.proto.pipeline.RootRule;
import io.castore.proto.pipeline.ServiceStatus;
import io.castore.proto.pipeline.SourceEntry;
import io.castore.proto.pipeline.UploadEvent;
import io.castore.proto.pipeline.UploadStatus;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;

/**
 * The catalogue of the pipeline's topics. All names start with one prefix, so that several systems
 * can live on one Kafka cluster.
 *
 * @param prefix what every topic's name and every consumer group starts with, such as {@code
 *     castore.}
 */
public record Topics(String prefix) {
  /** Chunks on their way to the store, keyed by their digests. */
  public Topic<Digest, ChunkRecord> chunks() {
    return topic("chunks", RecordSerdes.digest(), RecordSerdes.message(ChunkRecord.parser()));
  }

  /** What producers say of their uploads. */
  public Topic<UploadId, UploadEvent> uploads() {
    return topic("uploads", RecordSerdes.uploadId(), RecordSerdes.message(UploadEvent.parser()));
  }

  /** What became of each chunk, keyed by its upload. */
  public Topic<UploadId, ChunkReceipt> chunkReceipts() {
    return topic(
        "chunk-receipts", RecordSerdes.uploadId(), RecordSerdes.message(ChunkReceipt.parser()));
  }

  /** Chunks whose bytes a producer is asked to send, keyed by their upload. */
  public Topic<UploadId, ChunkRequest> chunkRequests() {
    return topic(
        "chunk-requests", RecordSerdes.uploadId(), RecordSerdes.message(ChunkRequest.parser()));
  }

  /** The state of each upload, compacted. */
  public Topic<UploadId, UploadStatus> uploadStatus() {
    return topic(
        "upload-status", RecordSerdes.uploadId(), RecordSerdes.message(UploadStatus.parser()));
  }

  /** Uploads that are complete, keyed by their source's name. */
  public Topic<String, SourceEntry> sourceUpdates() {
    return topic("source-updates", Serdes.String(), RecordSerdes.message(SourceEntry.parser()));
  }

  /** The newest complete version of each source, keyed by its name, compacted. */
  public Topic<String, SourceEntry> sources() {
    return topic("sources", Serdes.String(), RecordSerdes.message(SourceEntry.parser()));
  }

  /** Which blobs are kept for ever, and which not any longer, compacted. */
  public Topic<Digest, RootRule> roots() {
    return topic("roots", RecordSerdes.digest(), RecordSerdes.message(RootRule.parser()));
  }

  /** Chunk records at fault, as they came, with the reason in headers. */
  public Topic<byte[], byte[]> chunksDlq() {
    return topic("chunks-dlq", Serdes.ByteArray(), Serdes.ByteArray());
  }

  /** Upload events and receipts at fault, as they came, with the reason in headers. */
  public Topic<byte[], byte[]> eventsDlq() {
    return topic("events-dlq", Serdes.ByteArray(), Serdes.ByteArray());
  }

  /** What each running service says of itself, keyed by role and instance; soon outdated. */
  public Topic<String, ServiceStatus> services() {
    return topic("services", Serdes.String(), RecordSerdes.message(ServiceStatus.parser()));
  }

  /** Which store the state in this Kafka belongs to, compacted. */
  public Topic<String, String> stateOwners() {
    return topic("state-owners", Serdes.String(), Serdes.String());
  }

  /**
   * What each kind of audit and collection found last, as JSON, keyed by its command; compacted.
   */
  public Topic<String, String> reports() {
    return topic("reports", Serdes.String(), Serdes.String());
  }

  private <K, V> Topic<K, V> topic(String noun, Serde<K> keys, Serde<V> values) {
    return new Topic<>(prefix + noun, keys, values);
  }
}
