package io.castore.cli.system;

import io.castore.pipeline.config.CastoreConfig;
import io.castore.pipeline.telemetry.Tracing;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.net.URI;
import java.time.Duration;
import org.slf4j.bridge.SLF4JBridgeHandler;

/**
 * Sends traces to a collector, over OTLP on HTTP, in the background: what the collector does not
 * take in time is dropped, and keeps nobody waiting. Safe for use by many threads.
 */
final class Traces implements AutoCloseable {
  private static final Duration EXPORT_TIMEOUT = Duration.ofSeconds(5);

  private final OpenTelemetrySdk sdk;

  private Traces(OpenTelemetrySdk sdk) {
    this.sdk = sdk;
  }

  /**
   * Begins to send.
   *
   * @param collector its URL, without a path for OTLP's own
   * @param ratio which part of the traces that begin here is sent
   */
  static Traces open(URI collector, double ratio, CastoreConfig config) {
    // The exporter logs by java.util.logging, which nobody would see.
    SLF4JBridgeHandler.removeHandlersForRootLogger();
    SLF4JBridgeHandler.install();
    Resource resource =
        Resource.getDefault()
            .merge(
                Resource.builder()
                    .put(AttributeKey.stringKey("service.name"), "castore")
                    .put(
                        AttributeKey.stringKey("service.instance.id"),
                        config
                            .instanceId()
                            .orElseGet(() -> Long.toString(ProcessHandle.current().pid())))
                    .build());
    String path = collector.toString().replaceFirst("/$", "") + "/v1/traces";
    OtlpHttpSpanExporter exporter =
        OtlpHttpSpanExporter.builder().setEndpoint(path).setTimeout(EXPORT_TIMEOUT).build();
    SdkTracerProvider provider =
        SdkTracerProvider.builder()
            .setResource(resource)
            .setSampler(Sampler.parentBased(Sampler.traceIdRatioBased(ratio)))
            .addSpanProcessor(BatchSpanProcessor.builder(exporter).build())
            .build();
    return new Traces(OpenTelemetrySdk.builder().setTracerProvider(provider).build());
  }

  Tracing tracing() {
    return Tracing.by(sdk);
  }

  /** Sends what is left, for ten seconds at most. */
  @Override
  public void close() {
    sdk.close();
  }
}
