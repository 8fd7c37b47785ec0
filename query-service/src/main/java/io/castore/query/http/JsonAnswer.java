package io.castore.query.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.ResponseHeaders;
import java.nio.charset.StandardCharsets;

/**
 * An answer of JSON about what changes all the time, which nobody may keep.
 *
 * <p>Immutable, and so safe for use by many threads.
 */
public final class JsonAnswer {
  private static final ResponseHeaders HEADERS =
      ResponseHeaders.builder(HttpStatus.OK)
          .contentType(MediaType.JSON_UTF_8)
          .set(HttpHeaderNames.CACHE_CONTROL, "no-store")
          .build();

  private final byte[] json;

  private JsonAnswer(byte[] json) {
    this.json = json;
  }

  /** Writes an object, which may change afterwards. */
  public static JsonAnswer of(ObjectNode object) {
    return new JsonAnswer(object.toString().getBytes(StandardCharsets.UTF_8));
  }

  /** Makes the answer; to many requests, if need be. */
  public HttpResponse toResponse() {
    return HttpResponse.of(HEADERS, HttpData.wrap(json));
  }
}
