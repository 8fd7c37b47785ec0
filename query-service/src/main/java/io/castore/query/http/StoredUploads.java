package io.castore.query.http;

import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.server.ServerBuilder;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.castore.content.digest.Digest;
import io.castore.content.layout.ChunkList;
import io.castore.content.reading.BlobFlow;
import io.castore.content.reading.CachedBlobs;
import io.castore.query.ServicePart;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Uploads what the store holds already, so that a client which has the same content need not send
 * it. That it is in the store would not do: garbage collection keeps what an upload has brought,
 * and the blob may be about to go.
 *
 * <p>Safe for use by many threads.
 */
public final class StoredUploads implements ServicePart {
  private final CachedBlobs blobs;
  private final BlobIntake intake;
  private final FailedReads failedReads;

  /** Reads {@code blobs}, which stays the caller's to close, into {@code intake}. */
  public StoredUploads(CachedBlobs blobs, BlobIntake intake, ReadFailures failures) {
    this.blobs = blobs;
    this.intake = intake;
    this.failedReads = new FailedReads(failures);
  }

  @Override
  public void addTo(ServerBuilder server) {
    server
        .route()
        .post("/blobs/{digest}/uploads")
        // What is read and stored is as long as the blob; each step of it has a bound.
        .requestTimeoutMillis(0)
        .build(this::upload);
  }

  private HttpResponse upload(ServiceRequestContext ctx, HttpRequest request) {
    Digest digest;
    String source;
    try {
      digest = Digest.parse(String.valueOf(ctx.pathParam("digest")));
      source = SourceName.of(request.headers(), "http-post");
    } catch (IllegalArgumentException unreadable) {
      return new Problem(HttpStatus.BAD_REQUEST, String.valueOf(unreadable.getMessage()))
          .toResponse();
    }
    return HttpResponse.of(
        blobs
            .find(digest)
            .thenComposeAsync(
                found ->
                    found.isPresent()
                        ? upload(ctx, source, found.get())
                        : answered(
                            new Problem(HttpStatus.NOT_FOUND, "no blob " + digest).toResponse()),
                ctx.eventLoop())
            .exceptionally(
                failure ->
                    ctx.isCancelled()
                        ? HttpResponse.ofFailure(failure)
                        : failedReads.toResponse(failure)));
  }

  private static CompletionStage<HttpResponse> answered(HttpResponse response) {
    return CompletableFuture.completedFuture(response);
  }

  private CompletionStage<HttpResponse> upload(
      ServiceRequestContext ctx, String source, ChunkList blob) {
    Optional<Digest> expected = Optional.of(blob.blob());
    Optional<BlobIntake.Body> begun = intake.begin(source, expected);
    if (begun.isEmpty()) {
      return answered(UploadAnswer.tooMany());
    }
    BlobIntake.Body body = begun.get();
    CompletableFuture<Void> unused =
        ctx.whenRequestCancelling().thenAccept(cause -> body.abort(BlobPuts.CLIENT_GONE));
    BlobFlow flow = blobs.open(blob, 0, blob.size());
    return copy(ctx, flow, body)
        .whenComplete(
            (done, failure) -> {
              flow.close();
              if (failure != null) {
                body.abort("the stored content cannot be read");
              }
            })
        .thenCompose(copied -> body.outcome())
        .thenApply(outcome -> UploadAnswer.of(outcome, expected));
  }

  /** Hands one piece over after the other. Fails where one cannot be read. */
  private static CompletableFuture<Void> copy(
      ServiceRequestContext ctx, BlobFlow flow, BlobIntake.Body body) {
    return flow.next()
        .thenComposeAsync(
            piece -> {
              if (piece.isEmpty()) {
                body.end();
                return CompletableFuture.completedFuture(null);
              }
              return hand(piece.get(), body)
                  .thenComposeAsync(
                      taken ->
                          taken
                              ? copy(ctx, flow, body)
                              : CompletableFuture.<Void>completedFuture(null),
                      ctx.eventLoop());
            },
            ctx.eventLoop());
  }

  /** Gives whether there is room for more; where there is not, the outcome tells why. */
  private static CompletableFuture<Boolean> hand(ByteBuffer piece, BlobIntake.Body body) {
    return body.write(piece).handle((taken, failure) -> failure == null);
  }
}
