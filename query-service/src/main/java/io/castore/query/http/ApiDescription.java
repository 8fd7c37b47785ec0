package io.castore.query.http;

import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.server.ServerBuilder;
import io.castore.query.ServicePart;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** Serves the OpenAPI description of all that is served over HTTP. */
public final class ApiDescription implements ServicePart {
  private static final String RESOURCE = "openapi.json";

  private final byte[] text;

  /** Reads it from the class path. */
  public ApiDescription() {
    try (InputStream in = ApiDescription.class.getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new IllegalStateException("not on the class path: " + RESOURCE);
      }
      text = in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void addTo(ServerBuilder server) {
    server
        .route()
        .get("/openapi.json")
        .build(
            (ctx, request) -> HttpResponse.of(HttpStatus.OK, MediaType.JSON, HttpData.wrap(text)));
  }
}
