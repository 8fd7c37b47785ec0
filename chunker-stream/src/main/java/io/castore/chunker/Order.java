package io.castore.chunker;

import java.util.Optional;

/** Carries out one kind of order. Belongs to one task, and is used by the thread that runs it. */
interface Order {
  /**
   * Carries an order out, or begins to.
   *
   * @return why it cannot be carried out, ever; empty where it can
   * @throws java.io.UncheckedIOException if the store did not take something in time
   */
  Optional<String> carryOut(ReceivedOrder order);
}
