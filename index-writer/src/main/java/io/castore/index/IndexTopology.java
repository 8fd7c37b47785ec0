package io.castore.index;

import io.castore.pipeline.records.RecordSerdes;
import io.castore.pipeline.streams.commit.CommitHook;
import io.castore.pipeline.topics.Topic;
import io.castore.pipeline.topics.Topics;
import io.castore.proto.pipeline.SourceEntry;
import io.castore.proto.state.UploadHeader;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/**
 * The publishing topology: gathers what is said of each upload, writes the blob object of one that
 * is whole, and tells its status. A second part keeps the newest version of each source.
 *
 * <pre>
 *   uploads ─────────► read-events ───┐
 *   chunk-receipts ──► read-receipts ─┴► gather-uploads ──► send-status ─────────► upload-status
 *                                         [uploads]      ├► send-to-chunker ─────► chunks
 *                                         [upload-chunks]├► send-requests ───────► chunk-requests
 *                                         [deadlines]    ├► send-source-updates ─► source-updates
 *                                         [brief-uploads]└► send-dead-letters ───► events-dlq
 *
 *   source-updates ──► read-updates ──► keep-newest-versions ──► send-sources ───► sources
 *                                        [newest-sources]     └► send-unusable-updates ► events-dlq
 * </pre>
 */
final class IndexTopology {
  static final String READ_EVENTS = "read-events";
  static final String READ_RECEIPTS = "read-receipts";
  static final String GATHER_UPLOADS = "gather-uploads";
  static final String UPLOADS = "uploads";
  static final String UPLOAD_CHUNKS = "upload-chunks";
  static final String DEADLINES = "deadlines";
  static final String BRIEF_UPLOADS = "brief-uploads";
  static final String SEND_STATUS = "send-status";
  static final String SEND_TO_CHUNKER = "send-to-chunker";
  static final String SEND_REQUESTS = "send-requests";
  static final String SEND_UPDATES = "send-source-updates";
  static final String SEND_DEAD_LETTERS = "send-dead-letters";
  static final String READ_UPDATES = "read-updates";
  static final String KEEP_NEWEST_VERSIONS = "keep-newest-versions";
  static final String NEWEST_SOURCES = "newest-sources";
  static final String SEND_SOURCES = "send-sources";
  static final String SEND_UNUSABLE_UPDATES = "send-unusable-updates";

  private IndexTopology() {}

  /**
   * Builds the topology.
   *
   * @param ports what its tasks share
   */
  static Topology build(Topics topics, IndexPorts ports) {
    Topology topology = new Topology();
    addUploads(topology, topics, ports);
    addSources(topology, topics, ports);
    return topology;
  }

  private static void addUploads(Topology topology, Topics topics, IndexPorts ports) {
    read(topology, READ_EVENTS, topics.uploads());
    read(topology, READ_RECEIPTS, topics.chunkReceipts());
    topology
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
        .addStateStore(CommitHook.named(BRIEF_UPLOADS), GATHER_UPLOADS);
    send(topology, SEND_STATUS, topics.uploadStatus(), GATHER_UPLOADS);
    // The key alone decides on the partition, as it does where producers send chunks.
    send(topology, SEND_TO_CHUNKER, topics.chunks(), GATHER_UPLOADS);
    send(topology, SEND_REQUESTS, topics.chunkRequests(), GATHER_UPLOADS);
    send(topology, SEND_UPDATES, topics.sourceUpdates(), GATHER_UPLOADS);
    send(topology, SEND_DEAD_LETTERS, topics.eventsDlq(), GATHER_UPLOADS);
  }

  private static void addSources(Topology topology, Topics topics, IndexPorts ports) {
    read(topology, READ_UPDATES, topics.sourceUpdates());
    topology
        .addProcessor(
            KEEP_NEWEST_VERSIONS,
            () -> new KeepNewestVersions(ports.meters().deadLetters()),
            READ_UPDATES)
        .addStateStore(
            Stores.keyValueStoreBuilder(
                Stores.persistentKeyValueStore(NEWEST_SOURCES),
                Serdes.String(),
                RecordSerdes.message(SourceEntry.parser())),
            KEEP_NEWEST_VERSIONS);
    send(topology, SEND_SOURCES, topics.sources(), KEEP_NEWEST_VERSIONS);
    send(topology, SEND_UNUSABLE_UPDATES, topics.eventsDlq(), KEEP_NEWEST_VERSIONS);
  }

  /**
   * Reads bytes, so that a record that cannot be read becomes a dead letter, not the end of the
   * topology.
   */
  private static void read(Topology topology, String node, Topic<?, ?> topic) {
    topology.addSource(
        node, Serdes.ByteArray().deserializer(), Serdes.ByteArray().deserializer(), topic.name());
  }

  private static <K, V> void send(
      Topology topology, String node, Topic<K, V> topic, String processor) {
    topology.addSink(
        node, topic.name(), topic.keys().serializer(), topic.values().serializer(), processor);
  }

  private static StoreBuilder<KeyValueStore<Bytes, byte[]>> bytesStore(String name) {
    return Stores.keyValueStoreBuilder(
        Stores.persistentKeyValueStore(name), Serdes.Bytes(), Serdes.ByteArray());
  }
}
