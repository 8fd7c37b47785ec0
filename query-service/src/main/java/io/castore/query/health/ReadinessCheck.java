package io.castore.query.health;

import java.util.Optional;
import java.util.function.Supplier;

/** Something without which the service cannot do its work. */
public interface ReadinessCheck {
  /** Names it: one word, such as {@code kafka}. */
  String name();

  /**
   * Tells what is wrong, for anybody to read: no path of this machine, no secret. Called every few
   * seconds on a thread that all checks share, which it may keep waiting for some seconds. What it
   * throws counts as a problem, too.
   *
   * @return empty where all is well
   */
  Optional<String> problem();

  /** Makes one of a name and what is asked. */
  static ReadinessCheck of(String name, Supplier<Optional<String>> problem) {
    return new ReadinessCheck() {
      @Override
      public String name() {
        return name;
      }

      @Override
      public Optional<String> problem() {
        return problem.get();
      }
    };
  }
}
