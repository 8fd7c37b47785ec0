package io.castore.audit.replay;

import java.time.Instant;

/**
 * A record that touched an upload.
 *
 * @param at when it was written, as it says itself
 * @param topic where it stands
 * @param partition where it stands
 * @param offset where it stands
 * @param text what it says, for people
 */
public record HistoryEntry(Instant at, String topic, int partition, long offset, String text) {}
