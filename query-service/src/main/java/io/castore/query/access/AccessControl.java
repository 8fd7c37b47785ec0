package io.castore.query.access;

import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.server.DecoratingHttpServiceFunction;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.castore.pipeline.config.InvalidConfigException;
import io.grpc.Status;
import io.netty.util.AttributeKey;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Lets a request pass whose bearer token may do what it asks for (<a
 * href="https://www.rfc-editor.org/rfc/rfc6750">RFC 6750</a>).
 *
 * <p>Safe for use by many threads.
 */
public final class AccessControl implements DecoratingHttpServiceFunction {
  private static final AttributeKey<String> CALLER =
      AttributeKey.valueOf(AccessControl.class, "CALLER");

  private static final String SCHEME = "Bearer ";

  private final TokensFile tokens;

  private AccessControl(TokensFile tokens) {
    this.tokens = tokens;
  }

  /**
   * Lets the callers of a file pass.
   *
   * @param tokens a line {@code NAME SCOPES HASH} for each token; see {@link NewToken#line}
   * @throws InvalidConfigException if it cannot be read, or is no list of tokens
   */
  public static AccessControl of(Path tokens) throws InvalidConfigException {
    return new AccessControl(TokensFile.open(tokens));
  }

  /** Takes over what has changed in the file. Reads it; calls must not overlap. */
  public void refresh() {
    tokens.refresh();
  }

  @Override
  public HttpResponse serve(HttpService delegate, ServiceRequestContext ctx, HttpRequest req)
      throws Exception {
    Optional<Scope> scope = RequiredScope.of(ctx);
    if (scope.isEmpty()) {
      return delegate.serve(ctx, req);
    }
    Optional<KnownToken> caller = bearer(req.headers()).flatMap(tokens::find);
    if (caller.isEmpty()) {
      return new Refusal(
              HttpStatus.UNAUTHORIZED,
              Status.Code.UNAUTHENTICATED,
              "a known bearer token is needed")
          .toResponse(req.headers());
    }
    ctx.setAttr(CALLER, caller.get().name());
    if (!caller.get().scopes().contains(scope.get())) {
      return new Refusal(
              HttpStatus.FORBIDDEN,
              Status.Code.PERMISSION_DENIED,
              "the token lacks the scope that this needs")
          .toResponse(req.headers());
    }
    return delegate.serve(ctx, req);
  }

  private static Optional<String> bearer(RequestHeaders headers) {
    List<String> given = headers.getAll(HttpHeaderNames.AUTHORIZATION);
    if (given.size() != 1 || !given.get(0).regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
      return Optional.empty();
    }
    return Optional.of(given.get(0).substring(SCHEME.length()).strip());
  }

  /** Gives the name of the token that a request came with, where it came with one. */
  static @Nullable String callerOf(ServiceRequestContext ctx) {
    return ctx.attr(CALLER);
  }
}
