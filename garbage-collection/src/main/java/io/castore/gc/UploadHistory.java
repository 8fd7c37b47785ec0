package io.castore.gc;

import io.castore.pipeline.records.UploadId;
import io.castore.proto.pipeline.ChunkReceipt;
import io.castore.proto.pipeline.UploadStatus;
import java.io.IOException;
import java.time.Instant;
import java.util.Map;

/**
 * What is on record of all uploads: what became of their chunks, and their statuses. Offsets are by
 * partition; one that is missing stands for the first record.
 *
 * <p>Methods throw {@link org.apache.kafka.common.KafkaException} where Kafka cannot be used.
 */
public interface UploadHistory {
  /** Up to where the receipts have been taken in by the indexer, and told of in the statuses. */
  Map<Integer, Long> indexedReceipts() throws InterruptedException;

  /** The offsets after the last receipts. */
  Map<Integer, Long> receiptEnds();

  /** The offsets of the first receipts of that time or later. */
  Map<Integer, Long> receiptsAt(Instant time);

  /** Takes receipts. */
  @FunctionalInterface
  interface ReceiptVisitor {
    /** Takes the next one of its partition. */
    void visit(UploadId upload, ChunkReceipt receipt) throws IOException;
  }

  /** Visits the receipts from some offsets on to before others. */
  void readReceipts(Map<Integer, Long> from, Map<Integer, Long> to, ReceiptVisitor visitor)
      throws IOException;

  /** The offsets after the last statuses. */
  Map<Integer, Long> statusEnds();

  /** Takes statuses. */
  @FunctionalInterface
  interface StatusVisitor {
    /** Takes the next one of its partition. */
    void visit(int partition, long offset, UploadId upload, UploadStatus status) throws IOException;
  }

  /** Visits the statuses from some offsets on to before others; older ones may be gone. */
  void readStatuses(Map<Integer, Long> from, Map<Integer, Long> to, StatusVisitor visitor)
      throws IOException;
}
