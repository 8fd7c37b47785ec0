package io.castore.query.server;

import com.linecorp.armeria.common.SessionProtocol;
import com.linecorp.armeria.common.metric.MeterIdPrefixFunction;
import com.linecorp.armeria.common.util.BlockingTaskExecutor;
import com.linecorp.armeria.server.GracefulShutdown;
import com.linecorp.armeria.server.Server;
import com.linecorp.armeria.server.ServerBuilder;
import com.linecorp.armeria.server.grpc.GrpcService;
import com.linecorp.armeria.server.metric.MetricCollectingService;
import io.castore.pipeline.config.InvalidConfigException;
import io.castore.pipeline.config.ServerLimits;
import io.castore.pipeline.config.ServerSettings;
import io.castore.query.ServicePart;
import io.castore.query.access.AccessControl;
import io.castore.query.access.AccessLog;
import io.castore.query.access.AnswerTimeout;
import io.castore.query.access.RequestLimit;
import io.castore.query.access.TransportSecurity;
import io.castore.query.http.ProblemErrors;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A server for HTTP/1.1, HTTP/2 and gRPC on one port, with or without TLS. What it offers comes in
 * {@linkplain ServicePart parts}; who may ask for it, how much of it at a time, and what is told of
 * it, is the same for all of them.
 *
 * <p>Safe for use by many threads.
 */
public final class QueryServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(QueryServer.class);

  /** Of a body that is no upload. */
  private static final long LONGEST_BODY = 2 << 20;

  private static final int LONGEST_REQUEST_LINE = 8 << 10;
  private static final int STREAMS_FOR_EACH_CONNECTION = 256;

  /** A reader that seeks gives many requests up; more than so many a second is an attack. */
  private static final int RESETS_IN_WINDOW = 3000;

  private static final int RESET_WINDOW_SECONDS = 30;
  private static final Duration IDLE = Duration.ofMinutes(1);
  private static final int BLOCKING_THREADS = 16;
  private static final Duration QUIET = Duration.ofMillis(50);
  private static final Duration FAREWELL = Duration.ofSeconds(5);
  private static final Duration LONGEST_STOP = Duration.ofSeconds(15);
  private static final Duration TOKENS_ARE_READ_EVERY = Duration.ofSeconds(2);

  private final Server server;
  private final URI url;
  private final Optional<ScheduledExecutorService> tokenWatch;

  private QueryServer(Server server, URI url, Optional<ScheduledExecutorService> tokenWatch) {
    this.server = server;
    this.url = url;
    this.tokenWatch = tokenWatch;
  }

  /**
   * Checks settings before anything else is opened.
   *
   * @throws InvalidConfigException if others would reach the address and nobody would be asked who
   *     he is
   */
  public static void check(ServerSettings settings) throws InvalidConfigException {
    TransportSecurity.requireGuard(settings, address(settings));
  }

  /**
   * Starts a server.
   *
   * @param metrics where it tells of its requests
   * @param parts what it offers
   * @throws InvalidConfigException if a file cannot be used, or if others would reach the address
   *     and nobody would be asked who he is
   * @throws ServerStartException if it cannot listen at the address
   */
  public static QueryServer start(
      ServerSettings settings, MeterRegistry metrics, List<ServicePart> parts)
      throws InvalidConfigException, ServerStartException {
    InetAddress address = address(settings);
    TransportSecurity.requireGuard(settings, address);
    ServerBuilder builder = Server.builder();
    parts.forEach(part -> part.addTo(builder));
    addReflection(builder);
    limit(builder, settings.limits());
    Optional<AccessControl> control = Optional.empty();
    // Decorators run in the reverse of this order.
    builder.decorator(new AnswerTimeout());
    if (settings.tokensFile().isPresent()) {
      control = Optional.of(AccessControl.of(settings.tokensFile().get()));
      builder.decorator(control.get());
    }
    builder
        .decorator(new RequestLimit(settings.limits().maxRequests()))
        .decorator(
            MetricCollectingService.newDecorator(MeterIdPrefixFunction.ofDefault("castore.server")))
        .meterRegistry(metrics)
        .accessLogWriter(new AccessLog(), false)
        .unloggedExceptionsReportIntervalMillis(0)
        .bossGroupFactory(AcceptingLoop::new)
        .disableServerHeader()
        .blockingTaskExecutor(
            BlockingTaskExecutor.builder()
                .threadNamePrefix("castore-server")
                .numThreads(BLOCKING_THREADS)
                .daemon(true)
                .build(),
            true);
    ProblemErrors.install(builder);
    TransportSecurity.apply(settings, builder);
    Server server = listen(builder, settings, new InetSocketAddress(address, settings.port()));
    URI url = ServerUrl.of(settings, address, server.activeLocalPort());
    LOG.info("serving at {}", url);
    return new QueryServer(server, url, control.map(QueryServer::watch));
  }

  private static InetAddress address(ServerSettings settings) throws InvalidConfigException {
    try {
      return InetAddress.getByName(settings.host());
    } catch (UnknownHostException unknown) {
      throw new InvalidConfigException(
          "server.host: %s is not known (expected: an address or a name of this machine)"
              .formatted(settings.host()),
          unknown);
    }
  }

  /** Both versions, since clients speak one or the other; they differ in their name alone. */
  private static void addReflection(ServerBuilder builder) {
    builder
        .service(GrpcService.builder().addService(ProtoReflectionServiceV1.newInstance()).build())
        .service(
            GrpcService.builder()
                .addService(
                    "/grpc.reflection.v1alpha.ServerReflection",
                    ProtoReflectionServiceV1.newInstance())
                .build());
  }

  private static void limit(ServerBuilder builder, ServerLimits limits) {
    builder
        .maxNumConnections(limits.maxConnections())
        .maxRequestLength(LONGEST_BODY)
        .requestTimeout(limits.requestTimeout())
        .idleTimeout(IDLE)
        .http1MaxInitialLineLength(LONGEST_REQUEST_LINE)
        .http1MaxHeaderSize(limits.maxHeaderBytes())
        .http2MaxHeaderListSize(limits.maxHeaderBytes())
        .http2MaxStreamsPerConnection(STREAMS_FOR_EACH_CONNECTION)
        .http2MaxResetFramesPerWindow(RESETS_IN_WINDOW, RESET_WINDOW_SECONDS)
        .gracefulShutdown(GracefulShutdown.builder().quietPeriod(QUIET).timeout(FAREWELL).build());
  }

  private static Server listen(
      ServerBuilder builder, ServerSettings settings, InetSocketAddress address)
      throws ServerStartException {
    Server server =
        builder
            .port(
                address,
                settings.certFile().isPresent() ? SessionProtocol.HTTPS : SessionProtocol.HTTP)
            .build();
    try {
      server.start().join();
      return server;
    } catch (CompletionException failed) {
      server.close();
      Throwable cause = failed.getCause() == null ? failed : failed.getCause();
      throw new ServerStartException(
          "cannot listen at %s:%d: %s (expected: an address of this machine, and a port that is free: server.host, server.port)"
              .formatted(settings.host(), settings.port(), cause.getMessage()),
          cause);
    }
  }

  private static ScheduledExecutorService watch(AccessControl control) {
    ScheduledExecutorService watch =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, "castore-tokens");
              thread.setDaemon(true);
              return thread;
            });
    long everyMillis = TOKENS_ARE_READ_EVERY.toMillis();
    ScheduledFuture<?> unused =
        watch.scheduleWithFixedDelay(
            control::refresh, everyMillis, everyMillis, TimeUnit.MILLISECONDS);
    return watch;
  }

  /** Gives the port that it listens at. */
  public int port() {
    return server.activeLocalPort();
  }

  /** Gives where others reach it, without a slash at the end unless one was configured. */
  public URI url() {
    return url;
  }

  /**
   * Takes no more requests, gives those under way a few seconds, and stops. Waits for that some 15
   * seconds at most. A second call does nothing.
   */
  @Override
  public void close() {
    tokenWatch.ifPresent(ScheduledExecutorService::shutdownNow);
    server
        .closeAsync()
        .orTimeout(LONGEST_STOP.toSeconds(), TimeUnit.SECONDS)
        .exceptionally(
            failure -> {
              LOG.warn("the server did not stop in time: {}", failure.toString());
              return null;
            })
        .join();
  }
}
