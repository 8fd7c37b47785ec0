package io.castore.gc;

import io.castore.content.digest.Digest;
import io.castore.content.layout.BucketLayout;
import io.castore.content.objectstore.ObjectReader;
import io.castore.proto.pipeline.RootRule;
import io.castore.proto.pipeline.RootRule.Pin;
import java.io.IOException;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Pins blobs: a pinned blob is kept until it is unpinned, whoever drops it.
 *
 * <p>Safe for use by many threads.
 */
public final class BlobPins {
  private final RootRules rules;
  private final DigestOrders orders;
  private final ObjectReader store;
  private final InstantSource clock;
  private final boolean singlesLeftOut;

  /**
   * Pins blobs of a store.
   *
   * @param singlesLeftOut whether blobs of a single chunk may have no object, so that every chunk
   *     may be one
   */
  public BlobPins(
      RootRules rules,
      DigestOrders orders,
      ObjectReader store,
      InstantSource clock,
      boolean singlesLeftOut) {
    this.rules = rules;
    this.orders = orders;
    this.store = store;
    this.clock = clock;
    this.singlesLeftOut = singlesLeftOut;
  }

  /**
   * Pins a blob. When this returns, no collection removes it, not even one under way.
   *
   * @param reason for people; may be empty
   * @param onWait told now and then how many records the chunker has to read before
   * @throws RefusedException if the store has no such blob, or not any more
   * @throws IOException if the store cannot be used
   * @throws org.apache.kafka.common.KafkaException if Kafka cannot be used, or no chunker answers;
   *     the pin may be there then
   */
  public void pin(Digest blob, String reason, LongConsumer onWait)
      throws RefusedException, IOException, InterruptedException {
    requirePresent(blob);
    RootRule before = rule(blob);
    rules.write(
        blob,
        RootRule.newBuilder()
            .setPin(Pin.newBuilder().setReason(reason).setPinnedAtMs(clock.millis()))
            .build());
    rules.flush();
    // A collection whose mark is older than this claim leaves the blob alone because of the claim,
    // and one whose mark is younger has read the pin.
    orders.claim(blob);
    orders.awaitCarriedOut(orders.awaitRecorded(), onWait);
    try {
      requirePresent(blob);
    } catch (RefusedException collected) {
      rules.write(blob, liftingPin(before));
      rules.flush();
      throw collected;
    }
  }

  private static @Nullable RootRule liftingPin(@Nullable RootRule rule) {
    return rule == null || !rule.hasDrop()
        ? rule
        : rule.toBuilder().setDrop(rule.getDrop().toBuilder().setLiftsPin(true)).build();
  }

  private void requirePresent(Digest blob) throws RefusedException, IOException {
    boolean hasObject = store.stat(BucketLayout.blobKey(blob)).isPresent();
    boolean isChunk = !hasObject && store.stat(BucketLayout.chunkKey(blob)).isPresent();
    if (isChunk && !singlesLeftOut) {
      throw new RefusedException("%s is not pinned: it is a chunk, and not a blob".formatted(blob));
    }
    if (!hasObject && !isChunk) {
      throw new RefusedException("%s is not pinned: the store has no such blob".formatted(blob));
    }
  }

  private @Nullable RootRule rule(Digest blob) throws IOException {
    AtomicReference<@Nullable RootRule> newest = new AtomicReference<>();
    rules.read(
        (one, rule) -> {
          if (one.equals(blob)) {
            newest.set(rule);
          }
        });
    return newest.get();
  }

  /**
   * Unpins a blob. Whatever had dropped it before the pin does not count any more.
   *
   * @throws RefusedException if it is not pinned
   * @throws IOException if rules cannot be read
   */
  public void unpin(Digest blob) throws RefusedException, IOException {
    RootRule rule = rule(blob);
    if (rule == null || !rule.hasPin()) {
      throw new RefusedException("%s is not pinned".formatted(blob));
    }
    rules.write(blob, null);
    rules.flush();
  }

  static String because(Pin pin) {
    return pin.getReason().isEmpty() ? "" : " (" + pin.getReason() + ")";
  }
}
