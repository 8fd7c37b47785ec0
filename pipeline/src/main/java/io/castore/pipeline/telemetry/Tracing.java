package io.castore.pipeline.telemetry;

import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapPropagator;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * Follows uploads through the pipeline: which trace a record belongs to stands in its headers, as
 * {@code traceparent} and {@code tracestate} of W3C's Trace Context. Nothing depends on these
 * headers: a record without them, or with others, is worked on alike.
 *
 * <p>Safe for use by many threads.
 */
public final class Tracing {
  /** Follows nothing, and adds nothing to any record. */
  public static final Tracing OFF = new Tracing(OpenTelemetry.noop(), false);

  private static final String SCOPE = "io.castore";
  private static final TextMapPropagator W3C = W3CTraceContextPropagator.getInstance();

  private final Tracer tracer;
  private final boolean on;

  private Tracing(OpenTelemetry telemetry, boolean on) {
    this.tracer = telemetry.getTracer(SCOPE);
    this.on = on;
  }

  /** Follows uploads by way of a telemetry, which belongs to the caller. */
  public static Tracing by(OpenTelemetry telemetry) {
    return new Tracing(telemetry, true);
  }

  /** Begins a trace. */
  public Span begin(String name) {
    return on
        ? tracer.spanBuilder(name).setNoParent().setSpanKind(SpanKind.PRODUCER).startSpan()
        : Span.getInvalid();
  }

  /**
   * Begins the part of a record's trace that is worked on here.
   *
   * @return one that records nothing where the record belongs to none, or to one that is not
   *     sampled
   */
  public Span follow(String name, Headers headers) {
    if (!on || headers.lastHeader("traceparent") == null) {
      return Span.getInvalid();
    }
    Context parent = W3C.extract(Context.root(), headers, Tracing::read);
    return tracer.spanBuilder(name).setParent(parent).setSpanKind(SpanKind.CONSUMER).startSpan();
  }

  /** Has a record belong to a trace; does nothing where the span is of none. */
  public static void addTo(Headers headers, Span span) {
    if (!span.getSpanContext().isValid()) {
      return;
    }
    W3C.inject(
        Context.root().with(span),
        headers,
        (to, name, value) -> {
          if (to != null) {
            to.remove(name).add(name, value.getBytes(StandardCharsets.US_ASCII));
          }
        });
  }

  private static @Nullable String read(@Nullable Headers headers, String name) {
    Header header = headers == null ? null : headers.lastHeader(name);
    return header == null || header.value() == null
        ? null
        : new String(header.value(), StandardCharsets.US_ASCII);
  }
}
