package io.castore.gc.kafka;

import io.castore.gc.DigestOrders;
import io.castore.gc.RootRules;
import io.castore.gc.UploadHistory;
import io.castore.pipeline.config.CastoreConfig;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;

/**
 * The pipeline's log as the collection of garbage sees it.
 *
 * <p>For use by one thread.
 */
public final class CollectionLog implements AutoCloseable {
  private final KafkaUploadHistory history;
  private final KafkaRootRules rules;
  private final KafkaDigestOrders orders;

  private CollectionLog(
      KafkaUploadHistory history, KafkaRootRules rules, KafkaDigestOrders orders) {
    this.history = history;
    this.rules = rules;
    this.orders = orders;
  }

  /**
   * Opens it. The topics have to exist.
   *
   * @param storeId identity of the store that is collected
   * @param admin belongs to the caller, who closes it after this
   * @throws KafkaException if Kafka cannot be reached
   */
  public static CollectionLog open(CastoreConfig config, String storeId, Admin admin) {
    return new CollectionLog(
        new KafkaUploadHistory(config, storeId, admin),
        new KafkaRootRules(config),
        new KafkaDigestOrders(config, storeId, admin));
  }

  /** What is on record of uploads. */
  public UploadHistory history() {
    return history;
  }

  /** What is on record of which blobs are kept. */
  public RootRules rules() {
    return rules;
  }

  /** The way to the chunker. */
  public DigestOrders orders() {
    return orders;
  }

  @Override
  public void close() {
    history.close();
    rules.close();
    orders.close();
  }
}
