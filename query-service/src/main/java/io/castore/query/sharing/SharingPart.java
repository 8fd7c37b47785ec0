package io.castore.query.sharing;

import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.util.Exceptions;
import com.linecorp.armeria.server.ServerBuilder;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.castore.content.digest.Digest;
import io.castore.content.layout.ChunkList;
import io.castore.content.reading.CachedBlobs;
import io.castore.query.ServicePart;
import io.castore.query.http.FailedReads;
import io.castore.query.http.JsonAnswer;
import io.castore.query.http.Problem;
import io.castore.query.http.ReadFailures;
import io.castore.query.uploads.UploadDirectory;
import io.castore.query.uploads.UploadsUnavailableException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Semaphore;

/**
 * Tells which blobs share chunks with a blob, or have a chunk ({@code GET
 * /blobs/{digest}/sharing}): among the blobs that were uploaded last, as far as it gets.
 *
 * <p>Safe for use by many threads.
 */
public final class SharingPart implements ServicePart {
  /** A search keeps a thread and reads from the store, so few are under way at a time. */
  private static final int MOST_SEARCHES = 2;

  private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

  private static final SharingSearch.Bounds BOUNDS =
      new SharingSearch.Bounds(256, 500_000, Duration.ofSeconds(5));

  private final CachedBlobs blobs;
  private final UploadDirectory uploads;
  private final FailedReads failedReads;
  private final SharingSearch search;
  private final Semaphore searches = new Semaphore(MOST_SEARCHES);

  /** Reads {@code blobs} and {@code uploads}, which stay the caller's to close. */
  public SharingPart(CachedBlobs blobs, UploadDirectory uploads, ReadFailures failures) {
    this.blobs = blobs;
    this.uploads = uploads;
    this.failedReads = new FailedReads(failures);
    this.search = new SharingSearch(blobs, BOUNDS);
  }

  @Override
  public void addTo(ServerBuilder server) {
    server.route().get("/blobs/{digest}/sharing").build((context, request) -> sharing(context));
  }

  private HttpResponse sharing(ServiceRequestContext context) {
    Digest digest;
    try {
      digest = Digest.parse(String.valueOf(context.pathParam("digest")));
    } catch (IllegalArgumentException notADigest) {
      return new Problem(HttpStatus.BAD_REQUEST, String.valueOf(notADigest.getMessage()))
          .toResponse();
    }
    if (!searches.tryAcquire()) {
      return later("others look for shared chunks");
    }
    CompletableFuture<HttpResponse> answer =
        blobs
            .find(digest)
            .thenApplyAsync(
                found ->
                    found
                        .map(this::search)
                        .orElseGet(
                            () ->
                                new Problem(HttpStatus.NOT_FOUND, "no blob " + digest)
                                    .toResponse()),
                context.blockingTaskExecutor())
            .exceptionally(this::problem)
            .whenComplete((response, failure) -> searches.release());
    return HttpResponse.of(answer);
  }

  private HttpResponse search(ChunkList own) {
    try {
      return JsonAnswer.of(search.search(own, uploads.newestBlobs(BOUNDS.blobs()))).toResponse();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new CompletionException(interrupted);
    } catch (UploadsUnavailableException unavailable) {
      throw new CompletionException(unavailable);
    }
  }

  private HttpResponse problem(Throwable failure) {
    return Exceptions.peel(failure) instanceof UploadsUnavailableException unavailable
        ? later(String.valueOf(unavailable.getMessage()))
        : failedReads.toResponse(failure);
  }

  private static HttpResponse later(String detail) {
    return new Problem(HttpStatus.SERVICE_UNAVAILABLE, detail).toResponse(RETRY_AFTER);
  }
}
