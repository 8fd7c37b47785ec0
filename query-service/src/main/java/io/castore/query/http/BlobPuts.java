package io.castore.query.http;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServerBuilder;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.castore.content.digest.Digest;
import io.castore.ingest.IngestOutcome;
import io.castore.ingest.PushOutcome;
import io.castore.pipeline.config.ServerLimits;
import io.castore.query.ServicePart;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stores the bodies of requests. The answer comes when the blob is readable.
 *
 * <p>Safe for use by many threads.
 */
public final class BlobPuts implements ServicePart {
  static final String CLIENT_GONE = "the client went away";

  private static final Logger log = LoggerFactory.getLogger(BlobPuts.class);

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
    return begun
        .map(body -> take(ctx, request, body, expected))
        .orElseGet(() -> busy("as many uploads are under way as may"));
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
    return headers.contentLength() > maxBytes ? Optional.of(tooLong(maxBytes)) : Optional.empty();
  }

  private static HttpResponse take(
      ServiceRequestContext ctx,
      HttpRequest request,
      BlobIntake.Body body,
      Optional<Digest> expected) {
    request.subscribe(new RequestBody(body), ctx.eventLoop());
    CompletableFuture<Void> unused =
        ctx.whenRequestCancelling().thenAccept(cause -> body.abort(CLIENT_GONE));
    return HttpResponse.of(body.outcome().thenApply(outcome -> answer(outcome, expected)));
  }

  private static HttpResponse answer(PushOutcome outcome, Optional<Digest> expected) {
    if (outcome instanceof PushOutcome.Stored stored) {
      return created(stored.blob());
    }
    if (outcome instanceof PushOutcome.WrongDigest wrong) {
      return new Problem(
              HttpStatus.UNPROCESSABLE_ENTITY,
              "digest of the body: %s (expected: %s)"
                  .formatted(wrong.actual(), expected.map(Digest::toHex).orElse("any")))
          .toResponse();
    }
    if (outcome instanceof PushOutcome.TooLong tooLong) {
      return tooLong(tooLong.maxBytes());
    }
    if (outcome instanceof PushOutcome.Aborted aborted) {
      return new Problem(HttpStatus.REQUEST_TIMEOUT, "the upload was given up: " + aborted.reason())
          .toResponse(
              ResponseHeaders.of(HttpStatus.REQUEST_TIMEOUT, HttpHeaderNames.CONNECTION, "close"));
    }
    if (outcome instanceof PushOutcome.Unavailable unavailable) {
      log.warn("an upload was not taken: {}", unavailable.reason());
      return busy("uploads cannot be taken now");
    }
    log.error("an upload failed: {}", ((PushOutcome.Failed) outcome).reason());
    return new Problem(HttpStatus.INTERNAL_SERVER_ERROR, "the upload failed").toResponse();
  }

  private static HttpResponse created(IngestOutcome.Complete blob) {
    String digest = blob.digest().toHex();
    String body =
        JsonNodeFactory.instance
            .objectNode()
            .put("digest", digest)
            .put("size", blob.size())
            .put("chunks", blob.chunks())
            .put("new_chunks", blob.newChunks())
            .put("new_bytes", blob.newBytes())
            .put("upload_id", blob.uploadId().toString())
            .toString();
    ResponseHeaders headers =
        ResponseHeaders.builder(HttpStatus.CREATED)
            .contentType(MediaType.JSON)
            .set(HttpHeaderNames.LOCATION, "/blobs/" + digest)
            .set(HttpHeaderNames.ETAG, EntityTag.of(blob.digest()).text())
            .build();
    return HttpResponse.of(headers, HttpData.wrap(body.getBytes(StandardCharsets.UTF_8)));
  }

  private static HttpResponse tooLong(long maxBytes) {
    return new Problem(
            HttpStatus.REQUEST_ENTITY_TOO_LARGE,
            "length of the body: more than %d bytes (expected: no more)".formatted(maxBytes))
        .toResponse();
  }

  private static HttpResponse busy(String detail) {
    return new Problem(HttpStatus.SERVICE_UNAVAILABLE, detail)
        .toResponse(
            ResponseHeaders.of(HttpStatus.SERVICE_UNAVAILABLE, HttpHeaderNames.RETRY_AFTER, "1"));
  }
}
