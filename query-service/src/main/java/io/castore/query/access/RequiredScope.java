package io.castore.query.access;

import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.server.ServiceRequestContext;
import java.util.Optional;
import java.util.Set;

/** Which scope a request needs. What is not known to need less needs one. */
final class RequiredScope {
  private static final Set<String> OPEN =
      Set.of(
          "/health/live",
          "/health/ready",
          "/openapi.json",
          "/",
          "/grpc.health.v1.Health/Check",
          "/grpc.health.v1.Health/Watch");

  /** The console's own files, which hold no data. */
  private static final String CONSOLE = "/console/";

  private static final Set<HttpMethod> READING =
      Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.POST, HttpMethod.OPTIONS);

  private RequiredScope() {}

  /** Gives the scope, or empty where everybody may. */
  static Optional<Scope> of(ServiceRequestContext request) {
    // The route that was found, not the path that was sent, which can be spelled in many ways.
    String route = request.config().route().patternString();
    if (OPEN.contains(route) || route.startsWith(CONSOLE)) {
      return Optional.empty();
    }
    boolean reads = READING.contains(request.method()) && !isUpload(request.method(), route);
    return Optional.of(reads ? Scope.READ : Scope.WRITE);
  }

  private static boolean isUpload(HttpMethod method, String route) {
    return route.endsWith("/Put") || (method == HttpMethod.POST && route.endsWith("/uploads"));
  }
}
