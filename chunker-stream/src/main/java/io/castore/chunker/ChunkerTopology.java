package io.castore.chunker;

import io.castore.pipeline.records.RecordSerdes;
import io.castore.pipeline.streams.commit.CommitHook;
import io.castore.pipeline.topics.Topics;
import io.castore.proto.state.ClaimedBlob;
import io.castore.proto.state.StoredChunk;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.state.Stores;

/**
 * The storing topology: reads chunks, stores those that the store does not hold, and answers each
 * with a receipt. Orders about what is stored under a digest come the same way.
 *
 * <pre>
 *   chunks ──► read-chunks ──► verify-and-store ──► send-receipts ──────► chunk-receipts
 *                               [stored-chunks] └─► send-dead-letters ──► chunks-dlq
 *                               [claimed-blobs]
 *                               [puts-in-flight]
 * </pre>
 */
final class ChunkerTopology {
  static final String READ_CHUNKS = "read-chunks";
  static final String VERIFY_AND_STORE = "verify-and-store";
  static final String STORED_CHUNKS = "stored-chunks";
  static final String CLAIMED_BLOBS = "claimed-blobs";
  static final String PUTS_IN_FLIGHT = "puts-in-flight";
  static final String SEND_RECEIPTS = "send-receipts";
  static final String SEND_DEAD_LETTERS = "send-dead-letters";

  private ChunkerTopology() {}

  /**
   * Builds the topology.
   *
   * @param chunkPartitions how many partitions the topic of chunks has
   * @param target where chunks go. If its PUTs are plain, nothing is on its way when a record is
   *     done, and no hook is put into the commit
   */
  static Topology build(Topics topics, int chunkPartitions, StoreTarget target) {
    KeyPartition keyPartition = new KeyPartition(chunkPartitions);
    Topology topology =
        new Topology()
            .addSource(
                READ_CHUNKS,
                Serdes.ByteArray().deserializer(),
                Serdes.ByteArray().deserializer(),
                topics.chunks().name())
            .addProcessor(
                VERIFY_AND_STORE,
                () -> new VerifyAndStore(topics.chunks().name(), target, keyPartition),
                READ_CHUNKS)
            .addStateStore(
                Stores.keyValueStoreBuilder(
                    Stores.persistentKeyValueStore(STORED_CHUNKS),
                    RecordSerdes.digest(),
                    RecordSerdes.message(StoredChunk.parser())),
                VERIFY_AND_STORE)
            .addStateStore(
                Stores.keyValueStoreBuilder(
                    Stores.persistentKeyValueStore(CLAIMED_BLOBS),
                    RecordSerdes.digest(),
                    RecordSerdes.message(ClaimedBlob.parser())),
                VERIFY_AND_STORE)
            .addSink(
                SEND_RECEIPTS,
                topics.chunkReceipts().name(),
                topics.chunkReceipts().keys().serializer(),
                topics.chunkReceipts().values().serializer(),
                VERIFY_AND_STORE)
            .addSink(
                SEND_DEAD_LETTERS,
                topics.chunksDlq().name(),
                topics.chunksDlq().keys().serializer(),
                topics.chunksDlq().values().serializer(),
                VERIFY_AND_STORE);
    return target.puts().isPlain()
        ? topology
        : topology.addStateStore(CommitHook.named(PUTS_IN_FLIGHT), VERIFY_AND_STORE);
  }
}
