package io.castore.broker;

import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * What a caller may choose of an {@link EmbeddedBroker}. Immutable, and so safe for use by many
 * threads.
 *
 * @param startTimeout how long a start may take before it fails; replaying large logs after a crash
 *     counts
 * @param closeTimeout how long a close may take before it gives up waiting
 * @param onFatal told once, on a thread of its own, when a running broker has failed for good; may
 *     close the broker
 * @param properties Kafka's own broker properties, over this module's
 */
public record BrokerOptions(
    Duration startTimeout,
    Duration closeTimeout,
    Consumer<String> onFatal,
    Map<String, String> properties) {

  private static final BrokerOptions DEFAULTS =
      new BrokerOptions(Duration.ofMinutes(2), Duration.ofSeconds(20), message -> {}, Map.of());

  /**
   * Checks the options.
   *
   * @throws IllegalArgumentException if a timeout is not positive
   */
  public BrokerOptions {
    requirePositive("startTimeout", startTimeout);
    requirePositive("closeTimeout", closeTimeout);
    properties = Map.copyOf(properties);
  }

  /** A start within 2 minutes, a close within 20 seconds, nobody told of failures. */
  public static BrokerOptions defaults() {
    return DEFAULTS;
  }

  /** These options, with another limit to a start. */
  public BrokerOptions withStartTimeout(Duration timeout) {
    return new BrokerOptions(timeout, closeTimeout, onFatal, properties);
  }

  /** These options, with another limit to a close. */
  public BrokerOptions withCloseTimeout(Duration timeout) {
    return new BrokerOptions(startTimeout, timeout, onFatal, properties);
  }

  /** These options, with another listener to failures. */
  public BrokerOptions withOnFatal(Consumer<String> listener) {
    return new BrokerOptions(startTimeout, closeTimeout, listener, properties);
  }

  /** These options, and one more of Kafka's broker properties. */
  public BrokerOptions withProperty(String key, String value) {
    Map<String, String> more = new TreeMap<>(properties);
    more.put(key, value);
    return new BrokerOptions(startTimeout, closeTimeout, onFatal, more);
  }

  private static void requirePositive(String name, Duration timeout) {
    if (timeout.isNegative() || timeout.isZero()) {
      throw new IllegalArgumentException(
          name + ": " + timeout + " (expected: a duration greater than zero)");
    }
  }
}
