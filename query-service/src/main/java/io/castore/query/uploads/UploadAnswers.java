package io.castore.query.uploads;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import io.castore.pipeline.records.UploadId;
import io.castore.query.http.JsonAnswer;
import io.castore.query.http.Problem;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers to requests for uploads. */
final class UploadAnswers {
  private static final Logger log = LoggerFactory.getLogger(UploadAnswers.class);
  private static final Duration RETRY_AFTER = Duration.ofSeconds(5);

  private UploadAnswers() {}

  static HttpResponse one(Upload upload) {
    return JsonAnswer.of(UploadJson.of(upload.id(), upload.status())).toResponse();
  }

  static HttpResponse timeline(Upload upload, UploadTimeline timeline) {
    return JsonAnswer.of(timeline.json(upload.id(), upload.status())).toResponse();
  }

  static HttpResponse page(UploadPage page) {
    ObjectNode object = JsonNodeFactory.instance.objectNode();
    ArrayNode uploads = object.putArray("uploads");
    page.uploads().forEach(upload -> uploads.add(UploadJson.of(upload.id(), upload.status())));
    page.next().ifPresent(next -> object.put("next", Cursor.write(next)));
    return JsonAnswer.of(object).toResponse();
  }

  static HttpResponse unknown(UploadId id) {
    return new Problem(HttpStatus.NOT_FOUND, "no upload has the id " + id).toResponse();
  }

  static HttpResponse tooManyStreams() {
    return later("too many clients follow uploads");
  }

  private static HttpResponse later(String detail) {
    return new Problem(HttpStatus.SERVICE_UNAVAILABLE, detail).toResponse(RETRY_AFTER);
  }

  /** Gives an answer, or that to the failure to find one. */
  static HttpResponse orProblem(Callable<HttpResponse> answer) {
    try {
      return answer.call();
    } catch (Exception failed) {
      return problem(failed);
    }
  }

  static HttpResponse problem(Throwable failed) {
    Throwable cause =
        failed instanceof CompletionException && failed.getCause() != null
            ? failed.getCause()
            : failed;
    if (cause instanceof BadParameterException bad) {
      return new Problem(HttpStatus.BAD_REQUEST, String.valueOf(bad.getMessage())).toResponse();
    }
    if (cause instanceof UploadsUnavailableException unavailable) {
      return later(String.valueOf(unavailable.getMessage()));
    }
    log.error("The status of uploads cannot be read", cause);
    return new Problem(HttpStatus.INTERNAL_SERVER_ERROR, "the status of uploads cannot be read")
        .toResponse();
  }
}
