package io.castore.blobs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpHeaders;

/** What a service says of an error: RFC 9457, as far as a person is to read it. */
final class ServiceProblem {
  private static final JsonMapper JSON = new JsonMapper();
  private static final int LONGEST_BODY = 16 << 10;
  private static final int LONGEST_DETAIL = 500;

  private ServiceProblem() {}

  /** Gives the detail with a colon before it; nothing where there is none. Never fails. */
  static String detail(HttpHeaders headers, InputStream body) {
    if (!headers.firstValue("content-type").orElse("").startsWith("application/problem+json")) {
      return "";
    }
    try {
      JsonNode problem = JSON.readTree(body.readNBytes(LONGEST_BODY));
      String detail = problem == null ? "" : problem.path("detail").asText();
      // It goes to a terminal, and who wrote it is not known.
      String shown = detail.replaceAll("\\p{Cntrl}", " ").strip();
      return shown.isEmpty()
          ? ""
          : ": " + shown.substring(0, Math.min(shown.length(), LONGEST_DETAIL));
    } catch (IOException unreadable) {
      return "";
    }
  }
}
