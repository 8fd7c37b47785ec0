package io.castore.query.access;

import com.linecorp.armeria.common.logging.RequestLog;
import com.linecorp.armeria.server.ServiceRequestContext;
import com.linecorp.armeria.server.logging.AccessLogWriter;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * Writes a line for each request to the logger {@code io.castore.access}: when it came, the
 * client's address, the name of its token, method, path, status, bytes of the answer's body, and
 * milliseconds until it was done. {@code -} stands for what is not known. The fields are the
 * event's key-value pairs, too. A health check that went well is told at DEBUG alone, since one
 * comes every few seconds.
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
    boolean healthy = ctx.path().startsWith("/health/") && log.responseStatus().isSuccess();
    LoggingEventBuilder line = LOG.atLevel(healthy ? Level.DEBUG : Level.INFO);
    add(line, "start", Instant.ofEpochMilli(log.requestStartTimeMillis()));
    add(line, "client", ctx.clientAddress().getHostAddress());
    add(line, "caller", Objects.requireNonNullElse(AccessControl.callerOf(ctx), "-"));
    add(line, "method", ctx.method());
    add(line, "path", PrintableText.of(ctx.path()));
    add(line, "status", status(log));
    add(line, "bytes", log.responseLength());
    add(line, "ms", TimeUnit.NANOSECONDS.toMillis(log.totalDurationNanos()));
    line.log("{} {} {} {} {} {} {} {}ms");
  }

  /** Adds a field by its place, for text, and by its name, for JSON. */
  private static void add(LoggingEventBuilder line, String name, Object value) {
    LoggingEventBuilder unused = line.addArgument(value).addKeyValue(name, value);
  }

  private static String status(RequestLog log) {
    String status = log.responseStatus().codeAsText();
    String ofHeaders = log.responseHeaders().get("grpc-status");
    String grpc = ofHeaders == null ? log.responseTrailers().get("grpc-status") : ofHeaders;
    return grpc == null ? status : status + "/" + grpc;
  }
}
