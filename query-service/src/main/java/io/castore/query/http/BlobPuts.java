package io.castore.query.http;

import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServerBuilder;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.castore.content.digest.Digest;
import io.castore.pipeline.config.ServerLimits;
import io.castore.query.ServicePart;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Stores the bodies of requests. The answer comes when the blob is readable.
 *
 * <p>Safe for use by many threads.
 */
public final class BlobPuts implements ServicePart {
  static final String CLIENT_GONE = "the client went away";

  private final BlobIntake intake;
  private final long maxBytes;

  /** Gives bodies to {@code intake}. */
  public BlobPuts(BlobIntake intake, ServerLimits limits) {
    this.intake = intake;
    this.maxBytes = limits.maxUploadBytes();
  }

  @Override
  public void addTo(ServerBuilder server) {
    HttpService service = this::put;
    for (String path : new String[] {"/blobs", "/blobs/{digest}"}) {
      server
          .route()
          .put(path)
          // The intake counts the bytes, and tells its own limit from others.
          .maxRequestLength(0)
          // An upload may take its time. One whose bytes stop coming is given up by the intake.
          .requestTimeoutMillis(0)
          .build(service);
    }
  }

  private HttpResponse put(ServiceRequestContext ctx, HttpRequest request) {
    Optional<Digest> expected;
    String source;
    try {
      expected = Optional.ofNullable(ctx.pathParam("digest")).map(Digest::parse);
      source = SourceName.of(request.headers(), "http-put");
    } catch (IllegalArgumentException unreadable) {
      return new Problem(HttpStatus.BAD_REQUEST, String.valueOf(unreadable.getMessage()))
          .toResponse();
    }
    Optional<HttpResponse> refusal = refusal(request.headers());
    if (refusal.isPresent()) {
      return refusal.get();
    }
    Optional<BlobIntake.Body> begun = intake.begin(source, expected);
    return begun.map(body -> take(ctx, request, body, expected)).orElseGet(UploadAnswer::tooMany);
  }

  /** Says why a body is not taken, where its headers tell already. */
  private Optional<HttpResponse> refusal(RequestHeaders headers) {
    if (headers.contains(HttpHeaderNames.CONTENT_RANGE)) {
      return Optional.of(
          new Problem(HttpStatus.BAD_REQUEST, "a part of a blob cannot be stored: Content-Range")
              .toResponse());
    }
    String encoding = headers.get(HttpHeaderNames.CONTENT_ENCODING, "identity");
    if (!encoding.equalsIgnoreCase("identity")) {
      return Optional.of(
          new Problem(
                  HttpStatus.UNSUPPORTED_MEDIA_TYPE,
                  "Content-Encoding of the body (expected: none): a blob is stored as it is")
              .toResponse(
                  ResponseHeaders.of(
                      HttpStatus.UNSUPPORTED_MEDIA_TYPE,
                      HttpHeaderNames.ACCEPT_ENCODING,
                      "identity")));
    }
    return headers.contentLength() > maxBytes
        ? Optional.of(UploadAnswer.tooLong(maxBytes))
        : Optional.empty();
  }

  private static HttpResponse take(
      ServiceRequestContext ctx,
      HttpRequest request,
      BlobIntake.Body body,
      Optional<Digest> expected) {
    request.subscribe(new RequestBody(body), ctx.eventLoop());
    CompletableFuture<Void> unused =
        ctx.whenRequestCancelling().thenAccept(cause -> body.abort(CLIENT_GONE));
    return HttpResponse.of(body.outcome().thenApply(outcome -> UploadAnswer.of(outcome, expected)));
  }
}
