package io.castore.query.access;

import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.common.ResponseHeadersBuilder;
import io.castore.query.http.Problem;
import io.grpc.Status;

/**
 * An answer to a request that reached no service, in the manner of whoever asked: a {@link
 * Problem}, or a status of gRPC.
 *
 * @param status of HTTP
 * @param grpc of gRPC
 * @param detail printable ASCII without {@code %}, for a person
 */
record Refusal(HttpStatus status, Status.Code grpc, String detail) {
  private static final String RETRY_AFTER_SECONDS = "1";

  /**
   * Makes the answer.
   *
   * @param request what was asked
   */
  HttpResponse toResponse(RequestHeaders request) {
    return isGrpc(request)
        ? HttpResponse.of(
            ResponseHeaders.builder(HttpStatus.OK)
                .add(HttpHeaderNames.CONTENT_TYPE, "application/grpc")
                .add("grpc-status", Integer.toString(grpc.value()))
                .add("grpc-message", detail)
                .endOfStream(true)
                .build())
        : new Problem(status, detail).toResponse(headers());
  }

  private ResponseHeaders headers() {
    ResponseHeadersBuilder headers = ResponseHeaders.builder(status);
    if (status.equals(HttpStatus.UNAUTHORIZED)) {
      headers.set(HttpHeaderNames.WWW_AUTHENTICATE, "Bearer");
    } else if (status.equals(HttpStatus.SERVICE_UNAVAILABLE)) {
      headers.set(HttpHeaderNames.RETRY_AFTER, RETRY_AFTER_SECONDS);
    }
    return headers.build();
  }

  /** Tells whether a request is one of gRPC. */
  static boolean isGrpc(RequestHeaders request) {
    MediaType type = request.contentType();
    return type != null
        && type.type().equals("application")
        && (type.subtype().equals("grpc") || type.subtype().startsWith("grpc+"));
  }
}
