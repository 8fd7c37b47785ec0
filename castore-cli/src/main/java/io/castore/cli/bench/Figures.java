package io.castore.cli.bench;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * Named figures of one phase in one round. Names have their unit at the end, as in JSON: {@code
 * wall_seconds}. What is not known is not there.
 *
 * <p>Not thread-safe.
 */
final class Figures {
  private final Map<String, Double> values = new LinkedHashMap<>();

  Figures put(String name, double value) {
    values.put(name, value);
    return this;
  }

  Figures put(String name, long value) {
    return put(name, (double) value);
  }

  Figures put(String name, OptionalDouble value) {
    value.ifPresent(known -> put(name, known));
    return this;
  }

  /**
   * Gives one that has to be there.
   *
   * @throws IllegalStateException if it is not
   */
  double get(String name) {
    Double value = values.get(name);
    if (value == null) {
      throw new IllegalStateException("figure " + name + ": none (expected: one in each phase)");
    }
    return value;
  }

  /** All of them, in the order in which they came. */
  Map<String, Double> values() {
    return Collections.unmodifiableMap(values);
  }
}
