package io.castore.query.grpc;

import com.linecorp.armeria.common.RequestHeaders;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;
import java.util.UUID;

/** What a client names the source of its upload, in the metadata {@code castore-source}. */
final class SourceName {
  static final String METADATA = "castore-source";
  static final String EXPECTED = "castore-source is not a URI of at most 2048 characters";

  private static final int LONGEST = 2048;

  private SourceName() {}

  /** Gives the name, one of our own where the client gave none, or empty where it is no URI. */
  static Optional<String> of(RequestHeaders headers) {
    String given = headers.get(METADATA);
    if (given == null) {
      return Optional.of("grpc-put:" + UUID.randomUUID());
    }
    if (given.length() > LONGEST) {
      return Optional.empty();
    }
    try {
      return Optional.of(new URI(given)).filter(uri -> uri.getScheme() != null).map(uri -> given);
    } catch (URISyntaxException notAUri) {
      return Optional.empty();
    }
  }
}
