package io.castore.query.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.linecorp.armeria.common.AggregatedHttpResponse;
import io.castore.content.digest.Digest;
import io.castore.content.layout.CorruptObjectException;
import io.castore.content.layout.TooManyChunksException;
import io.castore.content.objectstore.StoreRefusedException;
import io.castore.content.objectstore.StoreUnavailableException;
import io.castore.content.reading.ReadTimeoutException;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ReadFailuresTest {
  static Stream<Arguments> failures() {
    return Stream.of(
        arguments(new CorruptObjectException("/somewhere/else", "a secret"), 500, false),
        arguments(new TooManyChunksException(Digest.EMPTY, 5), 507, false),
        arguments(new ReadTimeoutException("a secret"), 503, true),
        arguments(new StoreUnavailableException("a secret", null), 503, true),
        arguments(new IOException("/a/secret/path"), 503, true),
        arguments(new RejectedExecutionException("a secret"), 503, true),
        arguments(new StoreRefusedException("a secret", null), 500, false),
        arguments(new IllegalStateException("a secret"), 500, false));
  }

  @ParameterizedTest
  @MethodSource("failures")
  void shouldTellAClientWhatItCanDoAndNoMore(Throwable failure, int status, boolean retry) {
    FailedReads failed = new FailedReads(new ReadFailures(new SimpleMeterRegistry()));

    AggregatedHttpResponse answer =
        failed.toResponse(new CompletionException(failure)).aggregate().join();

    assertThat(answer.status().code()).isEqualTo(status);
    assertThat(answer.headers().contains("retry-after")).isEqualTo(retry);
    assertThat(answer.contentUtf8()).doesNotContain("secret").contains("\"status\":" + status);
  }
}
