package io.castore.chunker;

import io.castore.content.codec.ChunkCodec;
import io.castore.content.objectstore.ObjectWriter;
import io.castore.pipeline.records.RecordSerdes;
import io.castore.pipeline.topics.Topics;
import io.castore.proto.state.StoredChunk;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.state.Stores;

/**
 * The storing topology: reads chunks, stores those that the store does not hold, and answers each
 * with a receipt.
 *
 * <pre>
 *   chunks ──► read-chunks ──► verify-and-store ──► send-receipts ──────► chunk-receipts
 *                               [stored-chunks] └─► send-dead-letters ──► chunks-dlq
 * </pre>
 */
public final class ChunkerTopology {
  static final String READ_CHUNKS = "read-chunks";
  static final String VERIFY_AND_STORE = "verify-and-store";
  static final String STORED_CHUNKS = "stored-chunks";
  static final String SEND_RECEIPTS = "send-receipts";
  static final String SEND_DEAD_LETTERS = "send-dead-letters";

  private ChunkerTopology() {}

  /**
   * Builds the topology.
   *
   * @param chunkPartitions how many partitions the topic of chunks has
   * @param store where chunks go; safe for use by many threads
   * @param storeId identity of that store, which the receipts carry
   * @param codec compresses the chunks that come raw
   */
  public static Topology build(
      Topics topics, int chunkPartitions, ObjectWriter store, String storeId, ChunkCodec codec) {
    KeyPartition keyPartition = new KeyPartition(chunkPartitions);
    return new Topology()
        .addSource(
            READ_CHUNKS,
            Serdes.ByteArray().deserializer(),
            Serdes.ByteArray().deserializer(),
            topics.chunks().name())
        .addProcessor(
            VERIFY_AND_STORE,
            () -> new VerifyAndStore(store, storeId, keyPartition, codec),
            READ_CHUNKS)
        .addStateStore(
            Stores.keyValueStoreBuilder(
                Stores.persistentKeyValueStore(STORED_CHUNKS),
                RecordSerdes.digest(),
                RecordSerdes.message(StoredChunk.parser())),
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
  }
}
