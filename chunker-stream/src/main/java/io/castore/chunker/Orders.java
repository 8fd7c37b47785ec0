package io.castore.chunker;

import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sorts orders by their kind, and leaves alone those that are about another store. Belongs to one
 * task, and is used by the thread that runs it.
 */
final class Orders {
  private static final Logger log = LoggerFactory.getLogger(Orders.class);

  private final String storeId;
  private final KeyPartition keyPartition;
  private final ClaimOrder claim;
  private final Order collect;
  private final Order forget;
  private final Order restore;

  /**
   * Makes one for a task.
   *
   * @param storeId identity of the store that this service works for
   */
  Orders(
      String storeId,
      KeyPartition keyPartition,
      ClaimOrder claim,
      Order collect,
      Order forget,
      Order restore) {
    this.storeId = storeId;
    this.keyPartition = keyPartition;
    this.claim = claim;
    this.collect = collect;
    this.forget = forget;
    this.restore = restore;
  }

  /**
   * Carries an order out, or begins to.
   *
   * @return why it cannot be carried out, ever; empty where it can
   * @throws java.io.UncheckedIOException if the store did not take something in time
   */
  Optional<String> carryOut(ReceivedOrder order) {
    Optional<String> misplaced = keyPartition.fault(order.digest(), order.at().getPartition());
    if (misplaced.isPresent()) {
      if (order.record().hasClaim()) {
        claim.reject(order, misplaced.get());
      }
      return misplaced;
    }
    return switch (order.record().getContentCase()) {
      case CLAIM -> claim.carryOut(order);
      case COLLECT -> here(order, order.record().getCollect().getStoreId(), collect);
      case FORGET -> here(order, order.record().getForget().getStoreId(), forget);
      case RESTORE -> here(order, order.record().getRestore().getStoreId(), restore);
      case MARK, RAW, ZSTD_FRAME, REFERENCE, CONTENT_NOT_SET ->
          Optional.of("the record is no order");
    };
  }

  private Optional<String> here(ReceivedOrder order, String wantedStore, Order what) {
    if (wantedStore.equals(storeId)) {
      return what.carryOut(order);
    }
    log.debug(
        "An order about {} is left alone: it is for the store \"{}\" (this one: {})",
        order.digest(),
        wantedStore,
        storeId);
    return Optional.empty();
  }
}
