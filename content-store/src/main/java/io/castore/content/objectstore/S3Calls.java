package io.castore.content.objectstore;

import io.github.resilience4j.core.IntervalFunction;
import io.github.resilience4j.retry.Retry;
import io.github.resilience4j.retry.RetryConfig;
import io.minio.errors.ErrorResponseException;
import io.minio.errors.InvalidResponseException;
import io.minio.errors.MinioException;
import io.minio.errors.ServerException;
import java.io.IOException;
import java.security.ProviderException;
import java.security.cert.CertificateException;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Predicate;
import java.util.function.Supplier;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes requests of an S3 service: waits for the answer, asks again with growing pauses where that
 * can help, and says what an answer means where it cannot.
 *
 * <p>Safe for use by many threads.
 */
final class S3Calls {
  private static final Logger log = LoggerFactory.getLogger(S3Calls.class);
  private static final double GROWTH = 2.0;
  private static final double JITTER = 0.5;

  /** Codes that come with a status below 500, and yet ask to come again. */
  private static final Set<String> AGAIN =
      Set.of(
          "BadDigest",
          "ConditionalRequestConflict",
          "IncompleteBody",
          "InternalError",
          "OperationAborted",
          "RequestTimeout",
          "ServiceUnavailable",
          "SlowDown",
          "Throttling",
          "ThrottlingException",
          "XAmzContentChecksumMismatch");

  private final String store;
  private final int attempts;
  private final S3Advice advice;
  private final RetryConfig retries;

  S3Calls(String store, S3Settings settings, S3Advice advice) {
    this.store = store;
    this.attempts = settings.attempts();
    this.advice = advice;
    this.retries =
        RetryConfig.custom()
            .maxAttempts(attempts)
            .intervalFunction(
                IntervalFunction.ofExponentialRandomBackoff(
                    S3Settings.FIRST_PAUSE, GROWTH, JITTER, S3Settings.LONGEST_PAUSE))
            .retryOnException(AgainException.class::isInstance)
            .build();
  }

  /**
   * Makes a request and gives its answer.
   *
   * @param operation what it is for, in messages
   * @param request sends it; called once for each attempt
   * @throws StoreUnavailableException if no attempt got an answer, or a multipart upload is over
   * @throws StoreRefusedException if the answer was an error that stays
   */
  <T> T call(String operation, Supplier<CompletableFuture<T>> request) throws IOException {
    return callUnless(error -> false, operation, request)
        .orElseThrow(() -> new IllegalStateException(operation + ": no answer"));
  }

  /** Does the same, with no answer where the store's error is an expected one. */
  <T> Optional<T> callUnless(
      Predicate<S3Error> expected, String operation, Supplier<CompletableFuture<T>> request)
      throws IOException {
    Retry retry = Retry.of(operation, retries);
    retry
        .getEventPublisher()
        .onRetry(
            event ->
                log.warn(
                    "{}: {}: attempt {} of {} failed ({}), the next in {} ms",
                    store,
                    operation,
                    event.getNumberOfRetryAttempts(),
                    attempts,
                    messageOf(event.getLastThrowable()),
                    event.getWaitInterval().toMillis()));
    try {
      return Optional.of(retry.executeCallable(() -> attempt(request)));
    } catch (AgainException last) {
      throw new StoreUnavailableException(
          store
              + ": "
              + operation
              + ": no usable answer ("
              + messageOf(last)
              + "), "
              + attempts
              + " attempts",
          last.getCause());
    } catch (ErrorException answer) {
      if (expected.test(answer.error)) {
        return Optional.empty();
      }
      if (answer.error.saysUploadIsOver()) {
        throw new StoreUnavailableException(
            store + ": " + operation + ": the upload is over: " + answer.error, null);
      }
      throw new StoreRefusedException(
          store + ": " + operation + ": " + advice.on(answer.error), answer.getCause());
    } catch (IOException | RuntimeException failure) {
      throw failure;
    } catch (Exception unreachable) {
      throw new IllegalStateException(operation, unreachable);
    }
  }

  /** Makes a request once, for tidying up: what comes of it is only logged. */
  void tryOnce(String operation, Supplier<? extends CompletableFuture<?>> request) {
    try {
      attempt(request);
    } catch (AgainException | ErrorException | RuntimeException failure) {
      log.warn("{}: {}: {}", store, operation, messageOf(failure));
    }
  }

  private static <T> T attempt(Supplier<? extends CompletableFuture<? extends T>> request)
      throws AgainException, ErrorException {
    try {
      return request.get().join();
    } catch (CompletionException failure) {
      throw sorted(failure.getCause() == null ? failure : failure.getCause());
    } catch (ProviderException failure) {
      throw sorted(failure);
    }
  }

  /** Returns what nobody can sort by throwing it. */
  private static AgainException sorted(Throwable failure) throws ErrorException {
    if (failure instanceof ErrorResponseException answer) {
      // Not kept as a cause: its text has the request's headers, and among them a session token.
      S3Error error =
          new S3Error(
              answer.response().code(),
              String.valueOf(answer.errorResponse().code()),
              String.valueOf(answer.errorResponse().message()));
      return sortedByCode(error);
    }
    if (failure instanceof ServerException answer) {
      return sortedByCode(
          new S3Error(answer.statusCode(), "", String.valueOf(answer.getMessage())));
    }
    if (failure instanceof InvalidResponseException answer) {
      throw new ErrorException(
          new S3Error(0, S3Error.NOT_S3, String.valueOf(answer.getMessage())), null);
    }
    if (failure instanceof ProviderException noCredentials) {
      throw new ErrorException(
          new S3Error(0, S3Error.NO_CREDENTIALS, String.valueOf(noCredentials.getMessage())),
          noCredentials);
    }
    if (isDistrust(failure)) {
      throw new ErrorException(
          new S3Error(0, S3Error.DISTRUSTED, String.valueOf(failure.getMessage())), failure);
    }
    if (failure instanceof IOException || failure instanceof MinioException) {
      return new AgainException(messageOf(failure), failure);
    }
    if (failure instanceof RuntimeException bug) {
      throw bug;
    }
    throw new IllegalStateException(failure);
  }

  private static AgainException sortedByCode(S3Error error) throws ErrorException {
    boolean again =
        AGAIN.contains(error.code())
            || error.status() == 408
            || error.status() == 429
            || (error.status() >= 500 && error.status() != 501);
    if (again) {
      return new AgainException(error.toString(), null);
    }
    throw new ErrorException(error, null);
  }

  private static boolean isDistrust(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof CertificateException || cause instanceof SSLPeerUnverifiedException) {
        return true;
      }
    }
    return false;
  }

  private static String messageOf(Throwable failure) {
    String message = failure.getMessage();
    return message == null || message.isEmpty() ? failure.getClass().getSimpleName() : message;
  }

  /** No answer, or one that asks to come again. */
  private static final class AgainException extends Exception {
    private static final long serialVersionUID = 1L;

    AgainException(String message, @Nullable Throwable cause) {
      super(message, cause);
    }
  }

  /** An error that stays the same. */
  private static final class ErrorException extends Exception {
    private static final long serialVersionUID = 1L;
    private final transient S3Error error;

    ErrorException(S3Error error, @Nullable Throwable cause) {
      super(error.toString(), cause);
      this.error = error;
    }
  }
}
