package io.castore.query.health;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.server.ServerBuilder;
import com.linecorp.armeria.server.ServerListener;
import com.linecorp.armeria.server.grpc.GrpcHealthCheckService;
import com.linecorp.armeria.server.grpc.GrpcHealthCheckServiceBuilder;
import com.linecorp.armeria.server.grpc.GrpcService;
import io.castore.query.ServicePart;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/**
 * Tells whether the service lives ({@code /health/live}) and can do its work ({@code
 * /health/ready}, and {@code grpc.health.v1} for the empty name and each service's).
 *
 * <p>Everybody may ask. A service that is not ready names each check that fails.
 */
public final class HealthPart implements ServicePart {
  private final List<ReadinessCheck> checks;
  private final List<String> grpcServices;

  /**
   * Tells what some checks find.
   *
   * @param grpcServices full names of services that are ready when all checks are well
   */
  public HealthPart(List<ReadinessCheck> checks, List<String> grpcServices) {
    this.checks = List.copyOf(checks);
    this.grpcServices = List.copyOf(grpcServices);
  }

  @Override
  public void addTo(ServerBuilder server) {
    Readiness readiness = new Readiness(checks);
    GrpcHealthCheckServiceBuilder grpc =
        GrpcHealthCheckService.builder().checkers(readiness.healthy());
    grpcServices.forEach(name -> grpc.serviceCheckers(name, readiness.healthy()));
    server
        .service("/health/live", (ctx, req) -> answer(HttpStatus.OK, Map.of()))
        .service("/health/ready", (ctx, req) -> answer(readiness.problems()))
        .service(GrpcService.builder().addService(grpc.build()).build())
        .serverListener(
            ServerListener.builder()
                .whenStarting(
                    starting -> {
                      tell(readiness, starting.meterRegistry());
                      readiness.start();
                    })
                .whenStopping(stopping -> readiness.close())
                .build());
  }

  private static void tell(Readiness readiness, MeterRegistry meters) {
    Gauge.builder("castore.ready", () -> readiness.problems().isEmpty() ? 1 : 0)
        .description("1 while /health/ready says so")
        .register(meters);
  }

  private static HttpResponse answer(Map<String, String> problems) {
    return answer(problems.isEmpty() ? HttpStatus.OK : HttpStatus.SERVICE_UNAVAILABLE, problems);
  }

  private static HttpResponse answer(HttpStatus status, Map<String, String> problems) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("status", problems.isEmpty() ? "ok" : "failing");
    if (!problems.isEmpty()) {
      ObjectNode failing = json.putObject("checks");
      problems.forEach(failing::put);
    }
    return HttpResponse.of(
        ResponseHeaders.of(
            status,
            HttpHeaderNames.CONTENT_TYPE,
            MediaType.JSON_UTF_8,
            HttpHeaderNames.CACHE_CONTROL,
            "no-store"),
        HttpData.wrap(json.toString().getBytes(StandardCharsets.UTF_8)));
  }
}
