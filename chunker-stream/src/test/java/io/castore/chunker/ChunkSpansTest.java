package io.castore.chunker;

import static org.assertj.core.api.Assertions.assertThat;

import io.castore.pipeline.records.UploadId;
import io.castore.pipeline.telemetry.Telemetry;
import io.castore.pipeline.telemetry.Tracing;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.nio.file.Path;
import java.time.Duration;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ChunkSpansTest {
  private static final UploadId UPLOAD = UploadId.random();
  private static final Chunk CHUNK = Chunk.of("Hello World, Hello World, Hello World");

  @TempDir private Path stateDir;
  private final InMemorySpanExporter spans = InMemorySpanExporter.create();
  private final Tracing tracing =
      Tracing.by(
          OpenTelemetrySdk.builder()
              .setTracerProvider(
                  SdkTracerProvider.builder()
                      .addSpanProcessor(SimpleSpanProcessor.create(spans))
                      .build())
              .build());

  @ParameterizedTest
  @ValueSource(ints = {1, 8})
  void shouldTellHowEachChunkOfATraceWasAnswered(int window) {
    Span root = tracing.begin("ingest");
    Headers headers = new RecordHeaders();
    Tracing.addTo(headers, root);
    try (ChunkerDriver driver = driver(window, tracing)) {
      driver.pipe(CHUNK.digest(), CHUNK.compressed(UPLOAD, 0), headers);
      driver.pipe(CHUNK.digest(), CHUNK.compressed(UPLOAD, 1), headers);
      driver.pipe(CHUNK.digest(), CHUNK.compressed(UPLOAD, 2));
    }

    assertThat(spans.getFinishedSpanItems())
        .allMatch(span -> span.getTraceId().equals(root.getSpanContext().getTraceId()))
        .allMatch(span -> span.getParentSpanId().equals(root.getSpanContext().getSpanId()))
        .extracting(ChunkSpansTest::result)
        .containsExactly("STORED", "DEDUPLICATED");
  }

  private static String result(SpanData span) {
    return String.valueOf(span.getAttributes().get(AttributeKey.stringKey("castore.result")));
  }

  @Test
  void shouldPassOverHeadersThatAreNone() {
    Headers headers = new RecordHeaders().add("traceparent", new byte[] {1, 2, 3});
    try (ChunkerDriver driver = driver(8, tracing)) {
      driver.pipe(CHUNK.digest(), CHUNK.compressed(UPLOAD, 0), headers);

      assertThat(driver.receipts().readValuesToList()).hasSize(1);
    }
  }

  @Test
  void shouldNotLookAtHeadersWhereNobodyAsked() {
    Headers headers = new RecordHeaders();
    Tracing.addTo(headers, tracing.begin("ingest"));

    assertThat(Tracing.OFF.follow("store", headers).getSpanContext().isValid()).isFalse();
    assertThat(Tracing.OFF.begin("ingest").getSpanContext().isValid()).isFalse();
  }

  private ChunkerDriver driver(int window, Tracing followed) {
    return new ChunkerDriver(
        ChunkerDriver.topology(
            new FallibleWriter(),
            window,
            1,
            Duration.ofMinutes(1),
            new Telemetry(new SimpleMeterRegistry(), followed)),
        stateDir);
  }
}
