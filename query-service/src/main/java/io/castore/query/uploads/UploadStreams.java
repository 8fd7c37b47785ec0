package io.castore.query.uploads;

import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.castore.pipeline.records.UploadId;
import io.castore.pipeline.records.UploadStates;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * Opens streams of changes, so many at a time.
 *
 * <p>Safe for use by many threads.
 */
final class UploadStreams {
  /** Header of a client that comes again: the last event that it has seen. */
  private static final String LAST_EVENT_ID = "last-event-id";

  /** Streams go on and on, so they leave most of what the server does at a time to others. */
  private static final int SHARE_OF_REQUESTS = 4;

  private final UploadDirectory directory;
  private final UploadStream.Pace pace;
  private final int mostStreams;

  UploadStreams(UploadDirectory directory, UploadStream.Pace pace, int maxRequests) {
    this.directory = directory;
    this.pace = pace;
    this.mostStreams = Math.max(1, maxRequests / SHARE_OF_REQUESTS);
  }

  /** Tells of every change that a filter lets through. Call it on the request's event loop. */
  HttpResponse follow(ServiceRequestContext context, UploadFilter filter)
      throws UploadsUnavailableException {
    if (!directory.isReady()) {
      throw new UploadsUnavailableException(null);
    }
    UploadStream stream = UploadStream.of(context, filter, pace);
    return register(context, stream) ? stream.begin() : UploadAnswers.tooManyStreams();
  }

  /** Tells of one upload until it has ended. */
  HttpResponse follow(ServiceRequestContext context, UploadId id) {
    UploadStream stream = UploadStream.of(context, id, pace);
    // Before the upload is looked up, so that no change is missed in between.
    if (!register(context, stream)) {
      return UploadAnswers.tooManyStreams();
    }
    String seen = context.request().headers().get(LAST_EVENT_ID);
    return HttpResponse.of(
        CompletableFuture.supplyAsync(() -> find(id), context.blockingTaskExecutor())
            .thenApplyAsync(
                found ->
                    found
                        .map(upload -> begin(stream, upload, seen))
                        .orElseGet(() -> UploadAnswers.unknown(id)),
                context.eventLoop())
            .exceptionally(UploadAnswers::problem));
  }

  private boolean register(ServiceRequestContext context, UploadStream stream) {
    if (!directory.changes().add(stream, mostStreams)) {
      return false;
    }
    // However the request ends.
    CompletableFuture<Void> unused =
        context.log().whenComplete().thenAccept(log -> directory.changes().remove(stream));
    return true;
  }

  private Optional<Upload> find(UploadId id) {
    try {
      return directory.find(id).map(status -> new Upload(id, status));
    } catch (UploadsUnavailableException unavailable) {
      throw new CompletionException(unavailable);
    }
  }

  private static HttpResponse begin(UploadStream stream, Upload upload, @Nullable String seen) {
    boolean hasEnded = UploadStates.isFinal(upload.status().getState());
    // An EventSource comes again after every end, until it gets this.
    return hasEnded && UploadStream.eventId(upload).equals(seen)
        ? HttpResponse.of(HttpStatus.NO_CONTENT)
        : stream.begin(upload);
  }
}
