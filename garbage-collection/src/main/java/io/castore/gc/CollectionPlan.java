package io.castore.gc;

import java.time.Duration;

/**
 * How to collect.
 *
 * @param grace objects that were written within so long are left alone
 * @param retention drops blobs before the collection
 * @param dryRun whether to find garbage, and remove nothing
 * @param cpuPercent what the collection takes of one core at most while uploads come, from 1 to
 *     100; 100 is no limit
 */
public record CollectionPlan(
    Duration grace, RetentionRules retention, boolean dryRun, int cpuPercent) {
  /** Takes all that it can get. */
  public static final int NO_LIMIT = 100;
}
