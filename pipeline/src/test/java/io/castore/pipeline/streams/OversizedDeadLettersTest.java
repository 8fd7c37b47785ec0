package io.castore.pipeline.streams;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.NotLeaderOrFollowerException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.errors.ErrorHandlerContext;
import org.apache.kafka.streams.errors.ProductionExceptionHandler.Result;
import org.apache.kafka.streams.errors.internals.DefaultErrorHandlerContext;
import org.apache.kafka.streams.processor.TaskId;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class OversizedDeadLettersTest {
  private final OversizedDeadLetters handler = new OversizedDeadLetters();

  @BeforeEach
  void configure() {
    handler.configure(Map.of(OversizedDeadLetters.QUEUES_CONFIG, List.of("chunks-dlq")));
  }

  @Test
  void shouldGoOnWhereADeadLetterIsTooLarge() {
    assertThat(handle("chunks-dlq", new RecordTooLargeException("3 MiB"))).isEqualTo(Result.RESUME);
  }

  @Test
  void shouldFailWhereAnyOtherRecordIsTooLarge() {
    assertThat(handle("chunk-receipts", new RecordTooLargeException("3 MiB")))
        .isEqualTo(Result.FAIL);
  }

  @Test
  void shouldFailWhereADeadLetterCannotBeWrittenForAnotherReason() {
    assertThat(handle("chunks-dlq", new NotLeaderOrFollowerException("moved")))
        .isEqualTo(Result.FAIL);
  }

  private Result handle(String topic, Exception failure) {
    return handler
        .handleError(context(), new ProducerRecord<>(topic, new byte[] {1}), failure)
        .result();
  }

  private static ErrorHandlerContext context() {
    return new DefaultErrorHandlerContext(
        null, "chunks", 0, 7, new RecordHeaders(), "node", new TaskId(0, 0), 0, null, null);
  }
}
