package io.castore.query.existence;

import com.linecorp.armeria.common.AggregatedHttpRequest;
import com.linecorp.armeria.common.ContentTooLargeException;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.util.Exceptions;
import com.linecorp.armeria.server.ServerBuilder;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.castore.pipeline.known.KnownChunks;
import io.castore.pipeline.known.KnownChunks.Reach;
import io.castore.query.ServicePart;
import io.castore.query.http.Problem;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves {@code POST /chunks/missing}: which of many chunks are not known, asked and answered in
 * JSON or, shorter, in the messages of the RPC (see {@link QuestionFormat}).
 *
 * <p>Safe for use by many threads.
 */
final class MissingChunksPart implements ServicePart {
  private static final Logger log = LoggerFactory.getLogger(MissingChunksPart.class);

  /** In JSON a digest takes 67 bytes, and somebody may have put spaces and line ends in between. */
  private static final int MOST_REQUEST_BYTES = 128 * KnownChunks.MOST_AT_ONCE;

  private final ChunkExistence existence;

  MissingChunksPart(ChunkExistence existence) {
    this.existence = existence;
  }

  @Override
  public void addTo(ServerBuilder server) {
    server
        .route()
        .post("/chunks/missing")
        .maxRequestLength(MOST_REQUEST_BYTES)
        .build((context, request) -> serve(context, request));
  }

  private HttpResponse serve(ServiceRequestContext context, HttpRequest request) {
    return HttpResponse.of(
        request
            .aggregate()
            .thenComposeAsync(this::answer, context.blockingTaskExecutor())
            .exceptionally(MissingChunksPart::problem));
  }

  private CompletionStage<HttpResponse> answer(AggregatedHttpRequest request) {
    MediaType type = request.contentType();
    QuestionFormat format = QuestionFormat.of(type);
    if (format == null) {
      throw new CompletionException(
          new UnusableQuestionException(
              HttpStatus.UNSUPPORTED_MEDIA_TYPE,
              "content type: %s (expected: application/json or application/protobuf)"
                  .formatted(type)));
    }
    Question question;
    try {
      question = format.read(request.content().array());
    } catch (UnusableQuestionException unusable) {
      throw new CompletionException(unusable);
    }
    return existence
        .findMissing(
            question.digests(),
            question.localOnly() ? Reach.THIS_PROCESS : Reach.EVERYWHERE,
            question.storeId())
        .thenApply(
            missing ->
                HttpResponse.of(
                    HttpStatus.OK,
                    format.mediaType(),
                    HttpData.wrap(format.write(missing, existence.storeId()))));
  }

  private static HttpResponse problem(Throwable failure) {
    Throwable cause = Exceptions.peel(failure);
    if (cause instanceof UnusableQuestionException unusable) {
      return new Problem(unusable.status(), String.valueOf(unusable.getMessage())).toResponse();
    }
    if (cause instanceof ContentTooLargeException) {
      return new Problem(
              HttpStatus.REQUEST_ENTITY_TOO_LARGE,
              "the body is too long (expected: at most %d bytes)".formatted(MOST_REQUEST_BYTES))
          .toResponse();
    }
    if (cause instanceof NobodyAnswersException) {
      return new Problem(HttpStatus.SERVICE_UNAVAILABLE, String.valueOf(cause.getMessage()))
          .toResponse();
    }
    log.error("Cannot tell which chunks are known", cause);
    return new Problem(HttpStatus.INTERNAL_SERVER_ERROR, "internal error").toResponse();
  }
}
