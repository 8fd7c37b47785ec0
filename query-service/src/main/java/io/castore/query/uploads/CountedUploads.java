package io.castore.query.uploads;

import java.time.Instant;

/**
 * Uploads as they were counted last.
 *
 * @param at when that was
 */
public record CountedUploads(UploadTotals totals, Instant at) {}
