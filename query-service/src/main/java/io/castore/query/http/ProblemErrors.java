package io.castore.query.http;

import com.linecorp.armeria.common.AggregatedHttpResponse;
import com.linecorp.armeria.common.CancellationException;
import com.linecorp.armeria.common.ClosedSessionException;
import com.linecorp.armeria.common.ContentTooLargeException;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.common.ResponseHeadersBuilder;
import com.linecorp.armeria.common.ShuttingDownException;
import com.linecorp.armeria.common.TimeoutException;
import com.linecorp.armeria.common.util.Exceptions;
import com.linecorp.armeria.server.HttpResponseException;
import com.linecorp.armeria.server.HttpStatusException;
import com.linecorp.armeria.server.RoutingContext;
import com.linecorp.armeria.server.ServerBuilder;
import com.linecorp.armeria.server.ServerErrorHandler;
import com.linecorp.armeria.server.ServiceConfig;
import com.linecorp.armeria.server.ServiceRequestContext;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Gives as a {@link Problem} what the server answers where no service of ours does. */
public final class ProblemErrors implements ServerErrorHandler {
  private static final Logger log = LoggerFactory.getLogger(ProblemErrors.class);

  /** What a path may have. HEAD is where GET is. */
  private static final List<HttpMethod> METHODS =
      List.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.PUT, HttpMethod.POST, HttpMethod.DELETE);

  private ProblemErrors() {}

  /** Makes a server answer so. */
  public static void install(ServerBuilder server) {
    server.errorHandler(new ProblemErrors());
  }

  @Override
  public @Nullable HttpResponse onServiceException(ServiceRequestContext ctx, Throwable cause) {
    if (!isExpected(Exceptions.peel(cause))) {
      log.error("{} {} failed", ctx.method(), ctx.path(), cause);
    }
    // It finds the status, and then has it rendered here.
    return ServerErrorHandler.ofDefault().onServiceException(ctx, cause);
  }

  private static boolean isExpected(Throwable cause) {
    return cause instanceof HttpStatusException
        || cause instanceof HttpResponseException
        || cause instanceof ContentTooLargeException
        || cause instanceof CancellationException
        || cause instanceof TimeoutException
        || cause instanceof ShuttingDownException
        || cause instanceof ClosedSessionException
        || Exceptions.isStreamCancelling(cause);
  }

  @Override
  public AggregatedHttpResponse renderStatus(
      @Nullable ServiceRequestContext ctx,
      ServiceConfig config,
      @Nullable RequestHeaders headers,
      HttpStatus status,
      @Nullable String description,
      @Nullable Throwable cause) {
    ResponseHeadersBuilder answer = ResponseHeaders.builder(status);
    if (status.isContentAlwaysEmpty()) {
      return AggregatedHttpResponse.of(answer.build());
    }
    if (status.equals(HttpStatus.METHOD_NOT_ALLOWED)) {
      answer.set(HttpHeaderNames.ALLOW, ctx == null ? join(METHODS) : allowed(ctx, config));
    } else if (status.equals(HttpStatus.SERVICE_UNAVAILABLE)) {
      answer.set(HttpHeaderNames.RETRY_AFTER, "1");
    }
    return new Problem(status, description == null ? detail(status) : description)
        .aggregated(answer.build());
  }

  private static String detail(HttpStatus status) {
    return switch (status.code()) {
      case 404 -> "there is nothing at this path";
      case 405 -> "the path does not have this method";
      case 408 -> "the request did not come in time";
      case 413 -> "the body is longer than the service takes";
      case 500 -> "the service failed";
      case 503 -> "the service is too busy, or stops";
      default -> status.reasonPhrase();
    };
  }

  private static String allowed(ServiceRequestContext ctx, ServiceConfig config) {
    RoutingContext request = ctx.routingContext();
    return join(
        METHODS.stream()
            .filter(
                method ->
                    config.server().serviceConfigs().stream()
                        .anyMatch(
                            service ->
                                service
                                    .route()
                                    .apply(request.withMethod(method), false)
                                    .isPresent()))
            .toList());
  }

  private static String join(List<HttpMethod> methods) {
    return methods.stream().map(HttpMethod::name).collect(Collectors.joining(", "));
  }
}
