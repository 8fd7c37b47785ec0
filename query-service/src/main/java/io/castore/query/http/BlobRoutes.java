package io.castore.query.http;

import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.common.util.Exceptions;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServerBuilder;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.castore.content.blob.MissingChunkException;
import io.castore.content.chunking.ChunkSizes;
import io.castore.content.digest.Digest;
import io.castore.content.layout.ChunkList;
import io.castore.content.layout.ChunkRef;
import io.castore.content.reading.BlobFlow;
import io.castore.content.reading.CachedBlobs;
import io.castore.pipeline.config.ServerLimits;
import io.castore.query.ServicePart;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Blobs and chunks over HTTP: their bytes, whole or in part, and what a blob consists of.
 *
 * <p>Safe for use by many threads.
 */
public final class BlobRoutes implements ServicePart {
  private final CachedBlobs blobs;
  private final Duration stallTimeout;
  private final ReadFailures failures;
  private final FailedReads failedReads;

  /** Reads {@code blobs}, which stays the caller's to close. */
  public BlobRoutes(CachedBlobs blobs, ServerLimits limits, ReadFailures failures) {
    this.blobs = blobs;
    this.stallTimeout = limits.stallTimeout();
    this.failures = failures;
    this.failedReads = new FailedReads(failures);
  }

  @Override
  public void addTo(ServerBuilder server) {
    server.route().get("/blobs/{digest}").head("/blobs/{digest}").build(answering(this::blob));
    server
        .route()
        .get("/blobs/{digest}/chunks")
        .head("/blobs/{digest}/chunks")
        .build(answering(this::chunkList));
    server.route().get("/chunks/{digest}").head("/chunks/{digest}").build(answering(this::chunk));
  }

  /** Answers for a digest. */
  @FunctionalInterface
  private interface Answer {
    CompletionStage<HttpResponse> to(ServiceRequestContext ctx, Digest digest);
  }

  private HttpService answering(Answer answer) {
    return (ctx, request) -> {
      Digest digest;
      try {
        digest = Digest.parse(String.valueOf(ctx.pathParam("digest")));
      } catch (IllegalArgumentException notADigest) {
        return new Problem(HttpStatus.BAD_REQUEST, String.valueOf(notADigest.getMessage()))
            .toResponse();
      }
      return HttpResponse.of(
          answer
              .to(ctx, digest)
              .exceptionally(
                  failure ->
                      ctx.isCancelled()
                          // What failed since nobody waits for it is no failure.
                          ? HttpResponse.ofFailure(failure)
                          : failedReads.toResponse(failure)));
    };
  }

  private CompletionStage<HttpResponse> blob(ServiceRequestContext ctx, Digest digest) {
    return blobs
        .find(digest)
        .thenComposeAsync(
            found ->
                found.isPresent()
                    ? bytes(ctx, found.get())
                    : CompletableFuture.completedFuture(absent("blob", digest)),
            ctx.eventLoop());
  }

  private CompletionStage<HttpResponse> chunk(ServiceRequestContext ctx, Digest digest) {
    return blobs
        .find(digest)
        .thenComposeAsync(
            found -> {
              if (found.isEmpty() || found.get().count() == 0) {
                return CompletableFuture.completedFuture(absent("chunk", digest));
              }
              return found.get().count() == 1
                  ? bytes(ctx, found.get())
                  : chunkOfAList(ctx, found.get());
            },
            ctx.eventLoop())
        .exceptionallyCompose(
            failure ->
                isMissing(failure)
                    ? CompletableFuture.completedFuture(absent("chunk", digest))
                    : CompletableFuture.failedFuture(failure));
  }

  /**
   * A blob with a list can be a chunk as well, where it was cut otherwise another time. Only the
   * chunk itself can tell.
   */
  private CompletableFuture<HttpResponse> chunkOfAList(ServiceRequestContext ctx, ChunkList blob) {
    if (blob.size() > ChunkSizes.LARGEST_LEGAL_CHUNK) {
      return CompletableFuture.completedFuture(absent("chunk", blob.blob()));
    }
    ChunkList single = ChunkList.of(blob.blob(), new ChunkRef(blob.blob(), blob.size()));
    if (ctx.method() != HttpMethod.HEAD) {
      return bytes(ctx, single);
    }
    BlobFlow flow = blobs.open(single, 0, 1);
    return flow.next()
        .whenComplete((first, failure) -> flow.close())
        .thenComposeAsync(first -> bytes(ctx, single), ctx.eventLoop());
  }

  private CompletableFuture<HttpResponse> bytes(ServiceRequestContext ctx, ChunkList found) {
    return new Content(ctx, blobs, found, stallTimeout, failures).answer();
  }

  private CompletionStage<HttpResponse> chunkList(ServiceRequestContext ctx, Digest digest) {
    return blobs
        .find(digest)
        .thenApplyAsync(
            found ->
                found.map(list -> chunkList(ctx, list)).orElseGet(() -> absent("blob", digest)),
            ctx.eventLoop());
  }

  private HttpResponse chunkList(ServiceRequestContext ctx, ChunkList blob) {
    ResponseHeaders headers =
        ResponseHeaders.builder(HttpStatus.OK).contentType(MediaType.JSON).build();
    if (ctx.method() == HttpMethod.HEAD) {
      return HttpResponse.of(headers.toBuilder().contentLengthUnknown().build());
    }
    ChunkListText text = new ChunkListText(blob);
    return PulledBody.answer(
        ctx, headers, text, text.piece(), PulledBody.UNTIL_END, stallTimeout, failures::judge);
  }

  private static HttpResponse absent(String what, Digest digest) {
    return new Problem(HttpStatus.NOT_FOUND, "no " + what + " " + digest).toResponse();
  }

  private static boolean isMissing(Throwable failure) {
    return Exceptions.peel(failure) instanceof MissingChunkException;
  }
}
