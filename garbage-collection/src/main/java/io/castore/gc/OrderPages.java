package io.castore.gc;

import java.io.IOException;
import java.io.InterruptedIOException;

/**
 * Gives orders page by page: the next page when the last one was carried out.
 *
 * <p>Not thread-safe.
 */
final class OrderPages {
  private final DigestOrders orders;
  private final int pageSize;
  private final CollectionListener listener;
  private long given;

  OrderPages(DigestOrders orders, int pageSize, CollectionListener listener) {
    this.orders = orders;
    this.pageSize = pageSize;
    this.listener = listener;
  }

  void give(Runnable order) throws IOException {
    order.run();
    given++;
    if (given % pageSize == 0) {
      try {
        finish();
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
        throw (IOException)
            new InterruptedIOException("interrupted while orders are carried out")
                .initCause(interrupted);
      }
    }
  }

  /** Waits until all orders were carried out. */
  void finish() throws InterruptedException {
    orders.awaitCarriedOut(orders.awaitRecorded(), listener::waiting);
    listener.progress(given);
  }
}
