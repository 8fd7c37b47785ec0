package io.castore.index;

import io.castore.pipeline.records.RecordSerdes;
import io.castore.pipeline.topics.Topic;
import io.castore.pipeline.topics.Topics;
import io.castore.proto.state.UploadHeader;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/**
 * The publishing topology: gathers what is said of each upload, writes the blob object of one that
 * is whole, and tells its status.
 *
 * <pre>
 *   uploads ─────────► read-events ───┐
 *   chunk-receipts ──► read-receipts ─┴► gather-uploads ──► send-status ────────► upload-status
 *                                         [uploads]      ├► send-requests ──────► chunk-requests
 *                                         [upload-chunks]└► send-dead-letters ──► events-dlq
 *                                         [deadlines]
 * </pre>
 */
final class IndexTopology {
  static final String READ_EVENTS = "read-events";
  static final String READ_RECEIPTS = "read-receipts";
  static final String GATHER_UPLOADS = "gather-uploads";
  static final String UPLOADS = "uploads";
  static final String UPLOAD_CHUNKS = "upload-chunks";
  static final String DEADLINES = "deadlines";
  static final String SEND_STATUS = "send-status";
  static final String SEND_REQUESTS = "send-requests";
  static final String SEND_DEAD_LETTERS = "send-dead-letters";

  private IndexTopology() {}

  /**
   * Builds the topology.
   *
   * @param ports what its tasks share
   */
  static Topology build(Topics topics, IndexPorts ports) {
    return read(
            read(new Topology(), READ_EVENTS, topics.uploads()),
            READ_RECEIPTS,
            topics.chunkReceipts())
        .addProcessor(
            GATHER_UPLOADS, () -> new GatherUploads(topics, ports), READ_EVENTS, READ_RECEIPTS)
        .addStateStore(
            Stores.keyValueStoreBuilder(
                Stores.persistentKeyValueStore(UPLOADS),
                RecordSerdes.uploadId(),
                RecordSerdes.message(UploadHeader.parser())),
            GATHER_UPLOADS)
        .addStateStore(bytesStore(UPLOAD_CHUNKS), GATHER_UPLOADS)
        .addStateStore(bytesStore(DEADLINES), GATHER_UPLOADS)
        .addSink(
            SEND_STATUS,
            topics.uploadStatus().name(),
            topics.uploadStatus().keys().serializer(),
            topics.uploadStatus().values().serializer(),
            GATHER_UPLOADS)
        .addSink(
            SEND_REQUESTS,
            topics.chunkRequests().name(),
            topics.chunkRequests().keys().serializer(),
            topics.chunkRequests().values().serializer(),
            GATHER_UPLOADS)
        .addSink(
            SEND_DEAD_LETTERS,
            topics.eventsDlq().name(),
            topics.eventsDlq().keys().serializer(),
            topics.eventsDlq().values().serializer(),
            GATHER_UPLOADS);
  }

  /**
   * Reads bytes, so that a record that cannot be read becomes a dead letter, not the end of the
   * topology.
   */
  private static Topology read(Topology topology, String node, Topic<?, ?> topic) {
    return topology.addSource(
        node, Serdes.ByteArray().deserializer(), Serdes.ByteArray().deserializer(), topic.name());
  }

  private static StoreBuilder<KeyValueStore<Bytes, byte[]>> bytesStore(String name) {
    return Stores.keyValueStoreBuilder(
        Stores.persistentKeyValueStore(name), Serdes.Bytes(), Serdes.ByteArray());
  }
}
