package io.castore.query.http;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.ResponseHeaders;
import io.castore.content.digest.Digest;
import io.castore.ingest.IngestOutcome;
import io.castore.ingest.PushOutcome;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a client is told of its upload. */
final class UploadAnswer {
  private static final Logger log = LoggerFactory.getLogger(UploadAnswer.class);

  private UploadAnswer() {}

  /**
   * Tells how an upload ended.
   *
   * @param expected the digest that its content had to have
   */
  static HttpResponse of(PushOutcome outcome, Optional<Digest> expected) {
    if (outcome instanceof PushOutcome.Stored stored) {
      return created(stored.blob());
    }
    if (outcome instanceof PushOutcome.WrongDigest wrong) {
      return new Problem(
              HttpStatus.UNPROCESSABLE_ENTITY,
              "digest of the content: %s (expected: %s)"
                  .formatted(wrong.actual(), expected.map(Digest::toHex).orElse("any")))
          .toResponse();
    }
    if (outcome instanceof PushOutcome.TooLong tooLong) {
      return tooLong(tooLong.maxBytes());
    }
    if (outcome instanceof PushOutcome.Aborted aborted) {
      return new Problem(HttpStatus.REQUEST_TIMEOUT, "the upload was given up: " + aborted.reason())
          .toResponse(
              ResponseHeaders.of(HttpStatus.REQUEST_TIMEOUT, HttpHeaderNames.CONNECTION, "close"));
    }
    if (outcome instanceof PushOutcome.Unavailable unavailable) {
      log.warn("an upload was not taken: {}", unavailable.reason());
      return busy("uploads cannot be taken now");
    }
    log.error("an upload failed: {}", ((PushOutcome.Failed) outcome).reason());
    return new Problem(HttpStatus.INTERNAL_SERVER_ERROR, "the upload failed").toResponse();
  }

  private static HttpResponse created(IngestOutcome.Complete blob) {
    String digest = blob.digest().toHex();
    String body =
        JsonNodeFactory.instance
            .objectNode()
            .put("digest", digest)
            .put("size", blob.size())
            .put("chunks", blob.chunks())
            .put("new_chunks", blob.newChunks())
            .put("new_bytes", blob.newBytes())
            .put("upload_id", blob.uploadId().toString())
            .toString();
    ResponseHeaders headers =
        ResponseHeaders.builder(HttpStatus.CREATED)
            .contentType(MediaType.JSON)
            .set(HttpHeaderNames.LOCATION, "/blobs/" + digest)
            .set(HttpHeaderNames.ETAG, EntityTag.of(blob.digest()).text())
            .build();
    return HttpResponse.of(headers, HttpData.wrap(body.getBytes(StandardCharsets.UTF_8)));
  }

  /** Refuses a content that is longer than may be. */
  static HttpResponse tooLong(long maxBytes) {
    return new Problem(
            HttpStatus.REQUEST_ENTITY_TOO_LARGE,
            "length of the content: more than %d bytes (expected: no more)".formatted(maxBytes))
        .toResponse();
  }

  /** Refuses one more. */
  static HttpResponse tooMany() {
    return busy("as many uploads are under way as may");
  }

  private static HttpResponse busy(String detail) {
    return new Problem(HttpStatus.SERVICE_UNAVAILABLE, detail)
        .toResponse(
            ResponseHeaders.of(HttpStatus.SERVICE_UNAVAILABLE, HttpHeaderNames.RETRY_AFTER, "1"));
  }
}
