package io.castore.blobs;

import io.github.resilience4j.core.IntervalFunction;
import io.github.resilience4j.retry.Retry;
import io.github.resilience4j.retry.RetryConfig;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/**
 * Asks a service over HTTP, and makes its errors exceptions.
 *
 * <p>Safe for use by many threads.
 */
final class ServiceCalls {
  private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);
  private static final double GROWTH = 2;
  private static final double JITTER = 0.5;

  private static final int LONGEST_SOURCE = 2_048;
  private static final int NOT_FOUND = 404;

  /** What a service, or a proxy before it, says when asking later can help. */
  private static final Set<Integer> LATER = Set.of(408, 429, 502, 503, 504);

  private final HttpClient http;
  private final ServiceAddress address;
  private final @Nullable String token;
  private final Duration answerTimeout;
  private final RetryConfig retries;

  /**
   * Asks through a client.
   *
   * @param token shown with each request; null for none
   * @param answerTimeout how long an answer may take to begin, and then each part of it to come
   * @param attempts how often a read is tried, at least 1
   */
  ServiceCalls(
      HttpClient http,
      ServiceAddress address,
      @Nullable String token,
      Duration answerTimeout,
      int attempts) {
    this.http = http;
    this.address = address;
    this.token = token;
    this.answerTimeout = answerTimeout;
    retries =
        RetryConfig.custom()
            .maxAttempts(attempts)
            .intervalFunction(
                IntervalFunction.ofExponentialRandomBackoff(
                    FIRST_PAUSE, GROWTH, JITTER, LONGEST_PAUSE))
            .retryOnException(ServiceUnavailableException.class::isInstance)
            .build();
  }

  /**
   * A good answer.
   *
   * @param status 200 to 299
   * @param body to be read to its end, or closed
   */
  record Answer(int status, java.net.http.HttpHeaders headers, TimedBody body)
      implements AutoCloseable {
    @Override
    public void close() {
      body.close();
    }
  }

  /** Tries a read again while the service is not available, with growing pauses. */
  <T> T retrying(Callable<T> read) throws IOException {
    try {
      return Retry.of("read", retries).executeCallable(read);
    } catch (IOException | RuntimeException failed) {
      throw failed;
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while reading from " + address);
    } catch (Exception impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /** Tells once whether there is something under a path. */
  boolean head(String path) throws IOException {
    HttpRequest request = request(path).method("HEAD", HttpRequest.BodyPublishers.noBody()).build();
    Optional<Answer> answer = answer(send(request), request, answerTimeout);
    answer.ifPresent(Answer::close);
    return answer.isPresent();
  }

  /**
   * Asks once for what is under a path.
   *
   * @param range what of it, as the header {@code Range} says it; null for all
   * @return empty where there is nothing
   */
  Optional<Answer> get(String path, @Nullable String range) throws IOException {
    HttpRequest.Builder request = request(path).GET();
    if (range != null) {
      request.header("Range", range);
    }
    HttpRequest built = request.build();
    return answer(send(built), built, answerTimeout);
  }

  /**
   * Begins to send a content.
   *
   * @param source the upload's name, which is left out where it is longer than a service takes
   */
  PendingAnswer put(String path, @Nullable URI source, HttpRequest.BodyPublisher content) {
    return upload(request(path).PUT(content), source);
  }

  /**
   * Asks once for an upload of what the service has, and waits for its end.
   *
   * @param source as in {@link #put}
   * @param limit how long the answer may take
   * @return empty where the service does not have it
   */
  Optional<Answer> post(String path, @Nullable URI source, Duration limit) throws IOException {
    PendingAnswer pending = upload(request(path).POST(HttpRequest.BodyPublishers.noBody()), source);
    return answer(pending.future(), pending.request(), limit);
  }

  private PendingAnswer upload(HttpRequest.Builder request, @Nullable URI source) {
    if (source != null && source.toASCIIString().length() <= LONGEST_SOURCE) {
      request.header("Castore-Source", source.toASCIIString());
    }
    HttpRequest built = request.build();
    return new PendingAnswer(built, send(built));
  }

  /**
   * An answer that comes when the request was sent.
   *
   * @param future done when there is one
   */
  record PendingAnswer(
      HttpRequest request,
      CompletableFuture<HttpResponse<Flow.Publisher<List<ByteBuffer>>>> future) {}

  /** Waits for an answer. Throws what {@link #get} does, and also where there is nothing. */
  Answer await(PendingAnswer pending, Duration limit) throws IOException {
    return answer(pending.future(), pending.request(), limit)
        .orElseThrow(() -> error(pending.request(), NOT_FOUND, ""));
  }

  private HttpRequest.Builder request(String path) {
    HttpRequest.Builder request = HttpRequest.newBuilder(address.resolve(path));
    if (token != null) {
      request.header("Authorization", "Bearer " + token);
    }
    return request;
  }

  private CompletableFuture<HttpResponse<Flow.Publisher<List<ByteBuffer>>>> send(
      HttpRequest request) {
    return http.sendAsync(request, HttpResponse.BodyHandlers.ofPublisher());
  }

  private Optional<Answer> answer(
      CompletableFuture<HttpResponse<Flow.Publisher<List<ByteBuffer>>>> future,
      HttpRequest request,
      Duration limit)
      throws IOException {
    HttpResponse<Flow.Publisher<List<ByteBuffer>>> response;
    try {
      response = Await.result(future, limit, "an answer");
    } catch (InterruptedIOException interrupted) {
      throw interrupted;
    } catch (IOException failed) {
      throw new ServiceUnavailableException(
          "the service at %s cannot be reached: %s".formatted(address, reason(failed)), failed);
    }
    TimedBody body = new TimedBody(answerTimeout);
    response.body().subscribe(body);
    int status = response.statusCode();
    if (status >= 200 && status < 300) {
      return Optional.of(new Answer(status, response.headers(), body));
    }
    try (body) {
      if (status == NOT_FOUND) {
        return Optional.empty();
      }
      throw error(request, status, ServiceProblem.detail(response.headers(), body));
    }
  }

  private IOException error(HttpRequest request, int status, String detail) {
    if (LATER.contains(status)) {
      return new ServiceUnavailableException(
          "the service at %s is not available: it answered %d%s".formatted(address, status, detail),
          null);
    }
    String message =
        switch (status) {
          case 401 ->
              "the service at %s %s%s"
                  .formatted(
                      address,
                      token == null
                          ? "wants a token (set client.token)"
                          : "does not know the token that was sent (client.token)",
                      detail);
          case 403 ->
              "the service at %s does not allow %s with the token that was sent (client.token)%s"
                  .formatted(address, request.method(), detail);
          default ->
              "the service at %s answered %d to %s %s%s"
                  .formatted(address, status, request.method(), pathOf(request.uri()), detail);
        };
    return new ServiceErrorException(status, message);
  }

  private static String pathOf(URI uri) {
    return uri.getRawPath();
  }

  /** The JDK's exceptions often say nothing, or that a channel is closed. */
  private static String reason(Throwable failure) {
    if (failure instanceof ConnectException && failure.getMessage() == null) {
      return "connection refused, or no way to it";
    }
    Throwable told = failure;
    while (told.getMessage() == null && told.getCause() != null) {
      told = told.getCause();
    }
    return told.getMessage() == null ? told.getClass().getSimpleName() : told.getMessage();
  }

  @Override
  public String toString() {
    return "the service at " + address;
  }
}
