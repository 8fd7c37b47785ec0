package io.castore.cli.logging;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.filter.Filter;
import ch.qos.logback.core.spi.FilterReply;
import java.util.List;

/**
 * Keeps warnings of libraries from people who can do nothing about them, since nothing is wrong.
 */
public final class HarmlessWarnings extends Filter<ILoggingEvent> {
  private static final List<String> MESSAGES =
      List.of(
          // Every stop of the embedded broker.
          "Attempting to close NetworkClient that has already been closed",
          // An answer that comes after its partition went to another thread.
          "Not updating high watermark for partition",
          // Two clients of a new broker that both have it make this topic at once.
          "Auto topic creation failed for __consumer_offsets with error 'TOPIC_ALREADY_EXISTS'",
          // A new topology asks for the ends of topics that it has only just made, and asks again.
          "Received unknown topic error for topic",
          // A stop while the status of uploads is still being read.
          "Unexpected state transition from PENDING_SHUTDOWN to RUNNING",
          "Error happened during initialization of the global state store");

  @Override
  public FilterReply decide(ILoggingEvent event) {
    return MESSAGES.stream().anyMatch(event.getFormattedMessage()::contains)
        ? FilterReply.DENY
        : FilterReply.NEUTRAL;
  }
}
