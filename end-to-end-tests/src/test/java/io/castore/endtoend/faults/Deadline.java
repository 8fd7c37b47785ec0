package io.castore.endtoend.faults;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * When a round must be over.
 *
 * <p>Immutable, and so safe for use by many threads.
 */
final class Deadline {
  private static final long LOOK_MILLIS = 50;

  private final Duration budget;
  private final long endNanos;

  private Deadline(Duration budget) {
    this.budget = budget;
    this.endNanos = System.nanoTime() + budget.toNanos();
  }

  static Deadline in(Duration budget) {
    return new Deadline(budget);
  }

  boolean passed() {
    return System.nanoTime() > endNanos;
  }

  /**
   * Waits until something holds.
   *
   * @throws BudgetSpentException if the round's time is over before that
   */
  void await(String what, BooleanSupplier condition)
      throws BudgetSpentException, InterruptedException {
    while (!condition.getAsBoolean()) {
      if (passed()) {
        throw new BudgetSpentException(
            "%s did not come within the budget of %d s".formatted(what, budget.toSeconds()));
      }
      TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
    }
  }

  /** A round took longer than it may. */
  static final class BudgetSpentException extends Exception {
    private static final long serialVersionUID = 1L;

    BudgetSpentException(String message) {
      super(message);
    }
  }
}
