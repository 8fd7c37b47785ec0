package io.castore.query.http;

import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.RequestHeaders;
import java.util.List;
import java.util.Optional;

/**
 * What of a content a request asks for, by its conditions and its range: <a
 * href="https://www.rfc-editor.org/rfc/rfc9110#section-13.2.2">RFC 9110, 13.2.2</a>. There is no
 * time of a last change, so that conditions on one are ignored.
 */
sealed interface Selection {
  /** All of it. */
  record Whole() implements Selection {}

  /**
   * A part of it.
   *
   * @param offset where it starts, in bytes
   * @param length how long it is, in bytes, at least 1
   */
  record Part(long offset, long length) implements Selection {}

  /** A part that starts where the content has ended. */
  record Unsatisfiable() implements Selection {}

  /** Nothing: the client has it. */
  record NotModified() implements Selection {}

  /** Nothing: the client wanted another one. */
  record PreconditionFailed() implements Selection {}

  /**
   * Tells what a request for an existing content asks for.
   *
   * @param tag the content's
   * @param size the content's length, in bytes
   */
  static Selection of(RequestHeaders request, EntityTag tag, long size) {
    List<String> mustMatch = request.getAll(HttpHeaderNames.IF_MATCH);
    if (!mustMatch.isEmpty() && !tag.isListedStrongly(mustMatch)) {
      return new PreconditionFailed();
    }
    if (tag.isListedWeakly(request.getAll(HttpHeaderNames.IF_NONE_MATCH))) {
      return new NotModified();
    }
    List<String> range = request.getAll(HttpHeaderNames.RANGE);
    if (request.method() != HttpMethod.GET || range.size() != 1) {
      return new Whole();
    }
    List<String> ifRange = request.getAll(HttpHeaderNames.IF_RANGE);
    if (!ifRange.isEmpty() && !tag.isOnly(ifRange)) {
      return new Whole();
    }
    Optional<RangeSpec> spec = RangeSpec.parse(range.get(0));
    return spec.isPresent() ? spec.get().select(size) : new Whole();
  }
}
