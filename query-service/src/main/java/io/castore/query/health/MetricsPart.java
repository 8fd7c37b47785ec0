package io.castore.query.health;

import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.server.ServerBuilder;
import com.linecorp.armeria.server.ServerListener;
import io.castore.query.ServicePart;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;

/** Tells the figures of a registry, and of the JVM, to Prometheus ({@code GET /metrics}). */
public final class MetricsPart implements ServicePart {
  private static final MediaType TEXT = MediaType.parse("text/plain; version=0.0.4; charset=utf-8");

  private final PrometheusMeterRegistry registry;

  /** Tells what a registry holds, and adds the figures of the JVM to it. */
  public MetricsPart(PrometheusMeterRegistry registry) {
    this.registry = registry;
  }

  @Override
  public void addTo(ServerBuilder server) {
    JvmGcMetrics collections = new JvmGcMetrics();
    collections.bindTo(registry);
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ClassLoaderMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    new UptimeMetrics().bindTo(registry);
    server
        .service(
            "/metrics",
            (ctx, req) ->
                HttpResponse.of(
                    () -> HttpResponse.of(HttpStatus.OK, TEXT, registry.scrape()),
                    ctx.blockingTaskExecutor()))
        .serverListener(
            ServerListener.builder().whenStopped(stopped -> collections.close()).build());
  }
}
