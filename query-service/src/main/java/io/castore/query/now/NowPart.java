package io.castore.query.now;

import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.util.Exceptions;
import com.linecorp.armeria.server.ServerBuilder;
import io.castore.pipeline.config.CastoreConfig;
import io.castore.query.ServicePart;
import io.castore.query.http.JsonAnswer;
import io.castore.query.http.Problem;
import io.castore.query.uploads.UploadDirectory;
import io.castore.query.uploads.UploadsUnavailableException;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells how the pipeline is ({@code GET /now}), and what audits and collections found last ({@code
 * GET /reports}). Kafka is asked when somebody asks, and once for all who do within a second, or
 * ten.
 *
 * <p>Safe for use by many threads.
 */
public final class NowPart implements ServicePart, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(NowPart.class);
  private static final Duration NOW_AGE = Duration.ofSeconds(1);
  private static final Duration REPORTS_AGE = Duration.ofSeconds(10);
  private static final Duration RETRY_AFTER = Duration.ofSeconds(5);

  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

  /**
   * Not the server's threads: those are interrupted when it stops, and Kafka's clients fail then.
   */
  private final ExecutorService looker = Executors.newSingleThreadExecutor(NowPart::thread);

  private final PipelineLook pipeline;
  private final SharedLook<JsonAnswer> now;
  private final SharedLook<JsonAnswer> reports;

  private NowPart(PipelineLook pipeline) {
    this.pipeline = pipeline;
    this.now = new SharedLook<>(() -> JsonAnswer.of(pipeline.now()), NOW_AGE);
    this.reports = new SharedLook<>(() -> JsonAnswer.of(pipeline.reports()), REPORTS_AGE);
  }

  /**
   * Looks at the pipeline of a store from now on.
   *
   * @param uploads belongs to the caller, who closes it after this
   */
  public static NowPart open(CastoreConfig config, String storeId, UploadDirectory uploads) {
    return new NowPart(PipelineLook.open(config, storeId, uploads));
  }

  @Override
  public void addTo(ServerBuilder server) {
    add(server, "/now", now);
    add(server, "/reports", reports);
  }

  private void add(ServerBuilder server, String path, SharedLook<JsonAnswer> look) {
    server
        .route()
        .get(path)
        .build(
            (context, request) ->
                HttpResponse.of(
                    look.get(looker)
                        .thenApply(JsonAnswer::toResponse)
                        .exceptionally(NowPart::problem)));
  }

  private static HttpResponse problem(Throwable failure) {
    Throwable cause = Exceptions.peel(failure);
    if (cause instanceof UploadsUnavailableException) {
      return later(String.valueOf(cause.getMessage()));
    }
    if (cause instanceof KafkaException) {
      log.debug("Cannot tell how the pipeline is", cause);
      return later("Kafka does not answer");
    }
    log.error("Cannot tell how the pipeline is", cause);
    return new Problem(HttpStatus.INTERNAL_SERVER_ERROR, "how the pipeline is cannot be told")
        .toResponse();
  }

  private static HttpResponse later(String detail) {
    return new Problem(HttpStatus.SERVICE_UNAVAILABLE, detail).toResponse(RETRY_AFTER);
  }

  private static Thread thread(Runnable task) {
    Thread thread = new Thread(task, "castore-now");
    thread.setDaemon(true);
    return thread;
  }

  /** Asks Kafka no more, after some seconds at most. Close the server before. */
  @Override
  public void close() {
    looker.shutdown();
    try {
      if (!looker.awaitTermination(CLOSE_TIMEOUT.toSeconds(), TimeUnit.SECONDS)) {
        log.debug("What Kafka was asked last is not waited for");
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
    pipeline.close();
  }
}
