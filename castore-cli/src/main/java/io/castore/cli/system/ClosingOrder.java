package io.castore.cli.system;

import java.util.Deque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Closes what was opened, the latest first. */
final class ClosingOrder {
  private static final Logger log = LoggerFactory.getLogger(ClosingOrder.class);

  private ClosingOrder() {}

  /** Closes and removes all parts. That one cannot be closed is logged, and keeps no other open. */
  static void closeAll(Deque<AutoCloseable> parts) {
    while (!parts.isEmpty()) {
      AutoCloseable part = parts.pop();
      try {
        part.close();
      } catch (Exception failed) {
        log.warn("Could not close {}: {}", part.getClass().getSimpleName(), failed.toString());
      }
    }
  }
}
