package io.castore.gc;

import java.time.Duration;

/**
 * How to collect.
 *
 * @param grace objects that were written within so long are left alone
 * @param retention drops blobs before the collection
 * @param dryRun whether to find garbage, and remove nothing
 */
public record CollectionPlan(Duration grace, RetentionRules retention, boolean dryRun) {}
