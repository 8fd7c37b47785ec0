package io.castore.query.uploads;

import static io.castore.query.uploads.UploadAnswers.orProblem;

import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.server.ServerBuilder;
import com.linecorp.armeria.server.ServerListener;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.castore.pipeline.config.ServerLimits;
import io.castore.pipeline.records.UploadId;
import io.castore.query.ServicePart;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * Tells of uploads over HTTP: of one, of many in pages, and of their changes as they come.
 *
 * <table>
 *   <caption>Routes</caption>
 *   <tr><td>{@code GET /uploads}</td>
 *       <td>{@code state}, {@code source}, {@code since}, {@code until}, {@code limit}, {@code
 *       cursor}; the newest first</td></tr>
 *   <tr><td>{@code GET /uploads/{id}}</td><td>the status of one</td></tr>
 *   <tr><td>{@code GET /uploads/{id}/timeline}</td><td>when it came to that</td></tr>
 *   <tr><td>{@code GET /uploads/events}</td><td>{@code state}, {@code source}; every change from
 *       now on</td></tr>
 *   <tr><td>{@code GET /uploads/{id}/events}</td><td>the status of one, and its changes until it
 *       has ended</td></tr>
 * </table>
 *
 * <p>Safe for use by many threads.
 */
public final class UploadsService implements ServicePart {
  private static final Duration HEARTBEAT = Duration.ofSeconds(15);

  private final UploadDirectory directory;
  private final UploadStreams streams;

  /**
   * Makes the part.
   *
   * @param directory belongs to the caller, who closes it after the server
   */
  public UploadsService(UploadDirectory directory, ServerLimits limits) {
    this(directory, limits, HEARTBEAT);
  }

  UploadsService(UploadDirectory directory, ServerLimits limits, Duration heartbeat) {
    this.directory = directory;
    this.streams =
        new UploadStreams(
            directory,
            new UploadStream.Pace(heartbeat, limits.stallTimeout()),
            limits.maxRequests());
  }

  @Override
  public void addTo(ServerBuilder server) {
    server.route().get("/uploads").build((context, request) -> orProblem(() -> list(context)));
    server
        .route()
        .get("/uploads/events")
        .build((context, request) -> orProblem(() -> follow(context)));
    server.route().get("/uploads/{id}").build((context, request) -> orProblem(() -> one(context)));
    server
        .route()
        .get("/uploads/{id}/timeline")
        .build((context, request) -> orProblem(() -> timeline(context)));
    server
        .route()
        .get("/uploads/{id}/events")
        .build((context, request) -> orProblem(() -> followOne(context)));
    // A server that stops waits for its answers, and these would not end.
    server.serverListener(
        ServerListener.builder().whenStopping(stopping -> directory.changes().end()).build());
  }

  private HttpResponse list(ServiceRequestContext context) throws BadParameterException {
    UploadQuery query = UploadParameters.query(context.queryParams());
    return blocking(context, () -> UploadAnswers.page(directory.list(query)));
  }

  private HttpResponse one(ServiceRequestContext context) throws BadParameterException {
    return ofOne(context, UploadAnswers::one);
  }

  private HttpResponse timeline(ServiceRequestContext context) throws BadParameterException {
    return ofOne(context, upload -> UploadAnswers.timeline(upload, directory.timeline(upload)));
  }

  private HttpResponse ofOne(ServiceRequestContext context, Function<Upload, HttpResponse> answer)
      throws BadParameterException {
    UploadParameters.requireNone(context.queryParams());
    UploadId id = id(context);
    return blocking(
        context,
        () ->
            directory
                .find(id)
                .map(status -> answer.apply(new Upload(id, status)))
                .orElseGet(() -> UploadAnswers.unknown(id)));
  }

  private HttpResponse follow(ServiceRequestContext context)
      throws BadParameterException, UploadsUnavailableException {
    return streams.follow(context, UploadParameters.filter(context.queryParams()));
  }

  private HttpResponse followOne(ServiceRequestContext context) throws BadParameterException {
    UploadParameters.requireNone(context.queryParams());
    return streams.follow(context, id(context));
  }

  private static HttpResponse blocking(
      ServiceRequestContext context, Callable<HttpResponse> answer) {
    return HttpResponse.of(
        CompletableFuture.supplyAsync(() -> orProblem(answer), context.blockingTaskExecutor()));
  }

  private static UploadId id(ServiceRequestContext context) throws BadParameterException {
    try {
      return UploadId.parse(Objects.requireNonNull(context.pathParam("id")));
    } catch (IllegalArgumentException notAnId) {
      throw new BadParameterException(String.valueOf(notAnId.getMessage()));
    }
  }
}
