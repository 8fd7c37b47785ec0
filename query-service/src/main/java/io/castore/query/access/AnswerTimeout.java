package io.castore.query.access;

import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.logging.RequestLogProperty;
import com.linecorp.armeria.server.DecoratingHttpServiceFunction;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServiceRequestContext;
import java.util.concurrent.CompletableFuture;

/**
 * Has a request's timeout hold until its answer begins, and no longer: a long body takes as long as
 * it takes. A call of gRPC keeps the deadline that its client gave it.
 *
 * <p>Safe for use by many threads.
 */
public final class AnswerTimeout implements DecoratingHttpServiceFunction {
  @Override
  public HttpResponse serve(HttpService delegate, ServiceRequestContext ctx, HttpRequest req)
      throws Exception {
    if (!Refusal.isGrpc(req.headers())) {
      CompletableFuture<Void> unused =
          ctx.log()
              .whenAvailable(RequestLogProperty.RESPONSE_HEADERS)
              .thenAccept(begun -> ctx.clearRequestTimeout());
    }
    return delegate.serve(ctx, req);
  }
}
