package io.castore.query.access;

import com.linecorp.armeria.common.logging.RequestLog;
import com.linecorp.armeria.server.ServiceRequestContext;
import com.linecorp.armeria.server.logging.AccessLogWriter;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes a line for each request to the logger {@code io.castore.access}: when it came, the
 * client's address, the name of its token, method, path, status, bytes of the answer's body, and
 * milliseconds until it was done. {@code -} stands for what is not known.
 *
 * <p>Safe for use by many threads.
 */
public final class AccessLog implements AccessLogWriter {
  private static final Logger LOG = LoggerFactory.getLogger("io.castore.access");

  @Override
  public void log(RequestLog log) {
    if (!LOG.isInfoEnabled() || !(log.context() instanceof ServiceRequestContext ctx)) {
      return;
    }
    LOG.info(
        "{} {} {} {} {} {} {} {}ms",
        Instant.ofEpochMilli(log.requestStartTimeMillis()),
        ctx.clientAddress().getHostAddress(),
        Objects.requireNonNullElse(AccessControl.callerOf(ctx), "-"),
        ctx.method(),
        PrintableText.of(ctx.path()),
        status(log),
        log.responseLength(),
        TimeUnit.NANOSECONDS.toMillis(log.totalDurationNanos()));
  }

  private static String status(RequestLog log) {
    String status = log.responseStatus().codeAsText();
    String ofHeaders = log.responseHeaders().get("grpc-status");
    String grpc = ofHeaders == null ? log.responseTrailers().get("grpc-status") : ofHeaders;
    return grpc == null ? status : status + "/" + grpc;
  }
}
