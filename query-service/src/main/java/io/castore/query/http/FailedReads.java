package io.castore.query.http;

import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.ResponseHeaders;

/**
 * Answers for what could not be read, where the answer has not begun.
 *
 * <p>Safe for use by many threads.
 */
public final class FailedReads {
  private static final String RETRY_AFTER_SECONDS = "1";

  private final ReadFailures failures;

  /** Has failures logged and counted by {@code failures}. */
  public FailedReads(ReadFailures failures) {
    this.failures = failures;
  }

  /** Makes the answer to a request that failed with an exception of a read. */
  public HttpResponse toResponse(Throwable thrown) {
    ReadFailure failure = failures.judge(thrown);
    HttpStatus status =
        switch (failure.kind()) {
          case DAMAGED, UNEXPECTED -> HttpStatus.INTERNAL_SERVER_ERROR;
          case TOO_MANY_CHUNKS -> HttpStatus.INSUFFICIENT_STORAGE;
          case BUSY, UNAVAILABLE -> HttpStatus.SERVICE_UNAVAILABLE;
        };
    ResponseHeaders headers =
        status.equals(HttpStatus.SERVICE_UNAVAILABLE)
            ? ResponseHeaders.of(status, HttpHeaderNames.RETRY_AFTER, RETRY_AFTER_SECONDS)
            : ResponseHeaders.of(status);
    return new Problem(status, failure.detail()).toResponse(headers);
  }
}
