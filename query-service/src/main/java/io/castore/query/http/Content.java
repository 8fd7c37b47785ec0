package io.castore.query.http;

import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.common.ResponseHeadersBuilder;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.castore.content.layout.ChunkList;
import io.castore.content.reading.BlobFlow;
import io.castore.content.reading.CachedBlobs;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * Answers a request for the bytes of something that was found. Makes one answer.
 *
 * <p>Runs on the request's event loop.
 */
final class Content {
  private final ServiceRequestContext ctx;
  private final CachedBlobs blobs;
  private final ChunkList found;
  private final EntityTag tag;
  private final Duration stallTimeout;
  private final ReadFailures failures;

  Content(
      ServiceRequestContext ctx,
      CachedBlobs blobs,
      ChunkList found,
      Duration stallTimeout,
      ReadFailures failures) {
    this.ctx = ctx;
    this.blobs = blobs;
    this.found = found;
    this.tag = EntityTag.of(found.blob());
    this.stallTimeout = stallTimeout;
    this.failures = failures;
  }

  /** Fails as {@link BlobFlow#next} does where not even the first byte can be read. */
  CompletableFuture<HttpResponse> answer() {
    Selection selection = Selection.of(ctx.request().headers(), tag, found.size());
    if (selection instanceof Selection.Part part) {
      ResponseHeaders headers =
          described(HttpStatus.PARTIAL_CONTENT, part.length())
              .set(
                  HttpHeaderNames.CONTENT_RANGE,
                  "bytes %d-%d/%d"
                      .formatted(part.offset(), part.offset() + part.length() - 1, found.size()))
              .build();
      return bytes(headers, part.offset(), part.length());
    }
    if (selection instanceof Selection.Whole) {
      ResponseHeaders headers = described(HttpStatus.OK, found.size()).build();
      return ctx.method() == HttpMethod.HEAD || found.size() == 0
          ? CompletableFuture.completedFuture(HttpResponse.of(headers))
          : bytes(headers, 0, found.size());
    }
    return CompletableFuture.completedFuture(withoutBytes(selection));
  }

  private HttpResponse withoutBytes(Selection selection) {
    if (selection instanceof Selection.NotModified) {
      return HttpResponse.of(cacheable(HttpStatus.NOT_MODIFIED).build());
    }
    if (selection instanceof Selection.Unsatisfiable) {
      ResponseHeaders headers =
          ResponseHeaders.builder(HttpStatus.REQUESTED_RANGE_NOT_SATISFIABLE)
              .set(HttpHeaderNames.ACCEPT_RANGES, "bytes")
              .set(HttpHeaderNames.CONTENT_RANGE, "bytes */" + found.size())
              .build();
      return new Problem(
              HttpStatus.REQUESTED_RANGE_NOT_SATISFIABLE,
              "the range begins where the content of %d bytes has ended".formatted(found.size()))
          .toResponse(headers);
    }
    return new Problem(
            HttpStatus.PRECONDITION_FAILED, "the content has the entity tag " + tag.text())
        .toResponse(ResponseHeaders.of(HttpStatus.PRECONDITION_FAILED));
  }

  /** Waits for the first piece, so that a failure until there can still be told. */
  private CompletableFuture<HttpResponse> bytes(ResponseHeaders headers, long offset, long length) {
    BlobFlow flow = blobs.open(found, offset, length);
    // Nobody else would end it where the client goes away before there is an answer.
    CompletableFuture<Void> unused = ctx.whenRequestCancelling().thenAccept(cause -> flow.close());
    return flow.next()
        .whenComplete(
            (first, failure) -> {
              if (failure != null) {
                flow.close();
              }
            })
        .thenApplyAsync(
            first ->
                PulledBody.answer(
                    ctx, headers, flow, first.orElseThrow(), length, stallTimeout, failures::judge),
            ctx.eventLoop());
  }

  private ResponseHeadersBuilder described(HttpStatus status, long length) {
    return cacheable(status).contentType(MediaType.OCTET_STREAM).contentLength(length);
  }

  private ResponseHeadersBuilder cacheable(HttpStatus status) {
    return ResponseHeaders.builder(status)
        .set(HttpHeaderNames.ETAG, tag.text())
        .set(HttpHeaderNames.ACCEPT_RANGES, "bytes")
        .set(HttpHeaderNames.CACHE_CONTROL, "public, max-age=31536000, immutable")
        // What somebody stored must never become a part of the console.
        .set(HttpHeaderNames.X_CONTENT_TYPE_OPTIONS, "nosniff");
  }
}
