package io.castore.cli.bench;

import java.util.EnumMap;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * Processor time, by what it was used for.
 *
 * @param seconds of each role; none where nothing is known
 */
record CpuByRole(Map<ThreadRole, Double> seconds) {
  static final CpuByRole NONE = new CpuByRole(Map.of());

  /** Keeps the map as it is now. */
  CpuByRole {
    seconds = Map.copyOf(seconds);
  }

  static CpuByRole of(ThreadRole role, double seconds) {
    return new CpuByRole(Map.of(role, seconds));
  }

  double of(ThreadRole role) {
    return seconds.getOrDefault(role, 0.0);
  }

  double total() {
    return seconds.values().stream().mapToDouble(Double::doubleValue).sum();
  }

  /** A role's part of the total; empty where nothing was used, or nothing is known. */
  OptionalDouble share(ThreadRole role) {
    return total() > 0 ? OptionalDouble.of(of(role) / total()) : OptionalDouble.empty();
  }

  CpuByRole plus(CpuByRole more) {
    Map<ThreadRole, Double> sum = new EnumMap<>(ThreadRole.class);
    sum.putAll(seconds);
    more.seconds.forEach((role, added) -> sum.merge(role, added, Double::sum));
    return new CpuByRole(sum);
  }

  /** What was added since an earlier look. */
  CpuByRole since(CpuByRole earlier) {
    Map<ThreadRole, Double> difference = new EnumMap<>(ThreadRole.class);
    seconds.forEach((role, now) -> difference.put(role, now - earlier.of(role)));
    return new CpuByRole(difference);
  }

  /** The same with what is missing to a total, which is known to be exact, as {@code OTHER}. */
  CpuByRole filledUpTo(double totalSeconds) {
    return plus(of(ThreadRole.OTHER, Math.max(0, totalSeconds - total())));
  }
}
