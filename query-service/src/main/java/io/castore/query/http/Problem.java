package io.castore.query.http;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.linecorp.armeria.common.AggregatedHttpResponse;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.ResponseHeaders;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * An error as a client is told of it: <a href="https://www.rfc-editor.org/rfc/rfc9457">RFC
 * 9457</a>, of the type {@code about:blank}.
 *
 * <p>Immutable, and so safe for use by many threads.
 *
 * @param status of the answer
 * @param detail for a person, without anything that is not the caller's business: no path, no
 *     stack, no secret
 */
public record Problem(HttpStatus status, String detail) {
  private static final MediaType TYPE = MediaType.create("application", "problem+json");

  /** Makes the answer. */
  public HttpResponse toResponse() {
    return toResponse(ResponseHeaders.of(status));
  }

  /** Makes the answer that asks to come again after some seconds. */
  public HttpResponse toResponse(Duration retryAfter) {
    return toResponse(
        ResponseHeaders.of(
            status, HttpHeaderNames.RETRY_AFTER, Long.toString(retryAfter.toSeconds())));
  }

  /** Makes the answer with more headers; their status is replaced by this one's. */
  public HttpResponse toResponse(ResponseHeaders headers) {
    return aggregated(headers).toHttpResponse();
  }

  /** Makes the whole answer with more headers; their status is replaced by this one's. */
  public AggregatedHttpResponse aggregated(ResponseHeaders headers) {
    ObjectNode body =
        JsonNodeFactory.instance
            .objectNode()
            .put("type", "about:blank")
            .put("title", status.reasonPhrase())
            .put("status", status.code())
            .put("detail", detail);
    return AggregatedHttpResponse.of(
        headers.toBuilder().status(status).contentType(TYPE).build(),
        HttpData.wrap(body.toString().getBytes(StandardCharsets.UTF_8)));
  }
}
