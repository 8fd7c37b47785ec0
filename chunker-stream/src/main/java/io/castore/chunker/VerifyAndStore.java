package io.castore.chunker;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.castore.content.codec.ChunkCodec;
import io.castore.content.digest.Digest;
import io.castore.content.layout.BucketLayout;
import io.castore.content.objectstore.ObjectWriter;
import io.castore.pipeline.records.UploadId;
import io.castore.pipeline.streams.DeadLetters;
import io.castore.pipeline.streams.RecordPositions;
import io.castore.proto.pipeline.ChunkReceipt;
import io.castore.proto.pipeline.ChunkReceipt.Result;
import io.castore.proto.pipeline.ChunkRecord;
import io.castore.proto.state.StoredChunk;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Objects;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * Stores each chunk that is not known yet and answers each record with a receipt.
 *
 * <p>The order of what happens to a record is what the whole pipeline stands on: first its PUT is
 * acknowledged, then the digest is remembered and the receipt is sent, then (in the commit, which
 * flushes both) its offset is committed. A process that dies in between does a part of it again,
 * which changes nothing.
 */
final class VerifyAndStore implements Processor<byte[], byte[], Object, Object> {
  private final ObjectWriter store;
  private final String storeId;
  private final KeyPartition keyPartition;
  private final ChunkJudge judge;

  private ProcessorContext<Object, Object> context;
  private DeadLetters deadLetters;
  private KeyValueStore<Digest, StoredChunk> storedChunks;

  @SuppressWarnings("NullAway.Init") // Kafka Streams calls init before anything else
  VerifyAndStore(ObjectWriter store, String storeId, KeyPartition keyPartition, ChunkCodec codec) {
    this.store = store;
    this.storeId = storeId;
    this.keyPartition = keyPartition;
    this.judge = new ChunkJudge(codec);
  }

  @Override
  public void init(ProcessorContext<Object, Object> processorContext) {
    context = processorContext;
    deadLetters = new DeadLetters(processorContext, ChunkerTopology.SEND_DEAD_LETTERS);
    storedChunks = processorContext.getStateStore(ChunkerTopology.STORED_CHUNKS);
  }

  /**
   * Takes one record.
   *
   * @throws UncheckedIOException if the store gave no answer: the record's offset is not committed
   *     then, and it comes again
   */
  @Override
  public void process(Record<byte[], byte[]> record) {
    RecordMetadata at = context.recordMetadata().orElseThrow();
    Digest digest;
    ChunkRecord chunk;
    UploadId uploadId;
    try {
      digest = Digest.of(Objects.requireNonNullElse(record.key(), new byte[0]));
      chunk = ChunkRecord.parseFrom(Objects.requireNonNullElse(record.value(), new byte[0]));
      uploadId = UploadId.of(chunk.getUploadId().toByteArray());
    } catch (InvalidProtocolBufferException | IllegalArgumentException unreadable) {
      // Without an upload there is nobody to send a receipt to.
      deadLetters.send(record, at, String.valueOf(unreadable.getMessage()));
      return;
    }

    ChunkOutcome outcome = judge(digest, chunk, at);
    if (outcome instanceof ChunkOutcome.New fresh) {
      put(fresh);
      remember(fresh, at);
    } else if (outcome instanceof ChunkOutcome.Rejected rejected) {
      deadLetters.send(record, at, rejected.reason());
    }
    ChunkReceipt receipt = receipt(digest, chunk, outcome);
    context.forward(
        new Record<>(uploadId, receipt, record.timestamp()), ChunkerTopology.SEND_RECEIPTS);
  }

  private ChunkOutcome judge(Digest digest, ChunkRecord chunk, RecordMetadata at) {
    // One task must own a digest, or two of them could store, remember and collect it in different
    // orders.
    int expected = keyPartition.of(digest);
    if (at.partition() != expected) {
      return new ChunkOutcome.Rejected(
          "the record is in partition %d (expected: %d, by its key)"
              .formatted(at.partition(), expected));
    }
    return judge.judge(digest, chunk, RecordPositions.of(at), storedChunks.get(digest));
  }

  private void put(ChunkOutcome.New chunk) {
    try {
      store.put(BucketLayout.chunkKey(chunk.digest()), chunk.frame());
    } catch (IOException notStored) {
      throw new UncheckedIOException(notStored);
    }
  }

  private void remember(ChunkOutcome.New chunk, RecordMetadata at) {
    storedChunks.put(
        chunk.digest(),
        StoredChunk.newBuilder()
            .setSource(RecordPositions.of(at))
            .setStoredAtMs(context.currentSystemTimeMs())
            .setStoredSize(Math.toIntExact(chunk.frame().size()))
            .setRawSize(chunk.rawSize())
            .build());
  }

  private ChunkReceipt receipt(Digest digest, ChunkRecord chunk, ChunkOutcome outcome) {
    ChunkReceipt.Builder receipt =
        ChunkReceipt.newBuilder()
            .setSeq(chunk.getSeq())
            .setDigest(ByteString.copyFrom(digest.toBytes()))
            .setRawSize(chunk.getRawSize())
            .setStoreId(storeId);
    if (outcome instanceof ChunkOutcome.Rejected rejected) {
      return receipt.setResult(Result.REJECTED).setReason(rejected.reason()).build();
    }
    boolean stored =
        outcome instanceof ChunkOutcome.New
            || (outcome instanceof ChunkOutcome.Known known && known.byThisRecord());
    return receipt.setResult(stored ? Result.STORED : Result.DEDUPLICATED).build();
  }
}
