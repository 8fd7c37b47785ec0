package io.castore.benchmarks.report;

import java.util.List;

/**
 * A table of the report: one piece of the kernel.
 *
 * @param title names the piece
 * @param unit what allocation is counted for, such as {@code chunk}
 * @param yardsticks names of the yardsticks, in the order of their columns
 */
public record Section(String title, String unit, List<String> yardsticks) {
  /** Keeps the list as it is now. */
  public Section {
    yardsticks = List.copyOf(yardsticks);
  }
}
