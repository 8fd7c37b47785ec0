package io.castore.gc;

import java.io.IOException;
import java.time.Instant;
import java.util.Map;

/** The record of uploads, read at a pace. */
record PacedHistory(UploadHistory history, Pace pace) implements UploadHistory {
  @Override
  public Map<Integer, Long> indexedReceipts() throws InterruptedException {
    return history.indexedReceipts();
  }

  @Override
  public Map<Integer, Long> receiptEnds() {
    return history.receiptEnds();
  }

  @Override
  public Map<Integer, Long> receiptsAt(Instant time) {
    return history.receiptsAt(time);
  }

  @Override
  public void readReceipts(Map<Integer, Long> from, Map<Integer, Long> to, ReceiptVisitor visitor)
      throws IOException {
    history.readReceipts(
        from,
        to,
        (upload, receipt) -> {
          pace.step();
          visitor.visit(upload, receipt);
        });
  }

  @Override
  public Map<Integer, Long> statusEnds() {
    return history.statusEnds();
  }

  @Override
  public void readStatuses(Map<Integer, Long> from, Map<Integer, Long> to, StatusVisitor visitor)
      throws IOException {
    history.readStatuses(
        from,
        to,
        (partition, offset, upload, status) -> {
          pace.step();
          visitor.visit(partition, offset, upload, status);
        });
  }
}
