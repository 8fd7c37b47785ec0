package io.castore.query.access;

import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.server.DecoratingHttpServiceFunction;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.grpc.Status;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;

/**
 * Refuses requests while as many as may are under way, but for those that everybody may make:
 * whether the service is well has to be told then most of all.
 *
 * <p>Safe for use by many threads.
 */
public final class RequestLimit implements DecoratingHttpServiceFunction {
  private final Semaphore room;

  /** Lets so many requests be under way at a time. */
  public RequestLimit(int requests) {
    room = new Semaphore(requests);
  }

  @Override
  public HttpResponse serve(HttpService delegate, ServiceRequestContext ctx, HttpRequest req)
      throws Exception {
    if (RequiredScope.of(ctx).isEmpty()) {
      return delegate.serve(ctx, req);
    }
    if (!room.tryAcquire()) {
      return new Refusal(
              HttpStatus.SERVICE_UNAVAILABLE,
              Status.Code.RESOURCE_EXHAUSTED,
              "too many requests at once")
          .toResponse(req.headers());
    }
    boolean serves = false;
    try {
      HttpResponse answer = delegate.serve(ctx, req);
      // Completes however the request ends: the server takes the answer's stream, or aborts it.
      CompletableFuture<Void> unused =
          answer.whenComplete().whenComplete((nothing, failure) -> room.release());
      serves = true;
      return answer;
    } finally {
      if (!serves) {
        room.release();
      }
    }
  }
}
