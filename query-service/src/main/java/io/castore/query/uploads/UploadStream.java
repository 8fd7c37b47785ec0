package io.castore.query.uploads;

import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.common.sse.ServerSentEvent;
import com.linecorp.armeria.common.stream.StreamMessage;
import com.linecorp.armeria.common.stream.StreamWriter;
import com.linecorp.armeria.server.ServiceRequestContext;
import com.linecorp.armeria.server.streaming.ServerSentEvents;
import io.castore.pipeline.records.UploadId;
import io.castore.pipeline.records.UploadStates;
import io.castore.proto.pipeline.UploadStatus;
import io.castore.query.http.StalledConnection;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One answer that goes on: changes of uploads as <a
 * href="https://html.spec.whatwg.org/multipage/server-sent-events.html">server-sent events</a>. One
 * event at a time is on its way to the client; what comes meanwhile waits, within bounds. A client
 * that takes nothing is cut off.
 *
 * <p>Changes may come from any thread; all else happens on the event loop of the request.
 */
final class UploadStream implements UploadChanges.Follower {
  static final String UPLOAD = "upload";
  static final String OVERFLOW = "overflow";

  private static final Logger log = LoggerFactory.getLogger(UploadStream.class);
  private static final ResponseHeaders HEADERS =
      ResponseHeaders.builder(HttpStatus.OK)
          .contentType(MediaType.EVENT_STREAM)
          .set(HttpHeaderNames.CACHE_CONTROL, "no-store")
          .build();
  private static final ServerSentEvent ALIVE = ServerSentEvent.ofComment(" alive");
  private static final ServerSentEvent TOO_SLOW =
      ServerSentEvent.builder()
          .event(OVERFLOW)
          .data("{\"detail\":\"changes were left out: list the uploads, and follow them again\"}")
          .build();

  private final ServiceRequestContext context;
  private final ScheduledExecutorService loop;
  private final StatusFilter filter;
  private final Pace pace;
  private final boolean endsWithUpload;
  private final WaitingChanges waiting = new WaitingChanges();
  private final AtomicBoolean pumpScheduled = new AtomicBoolean();
  private final StreamWriter<ServerSentEvent> events = StreamMessage.streaming();

  private boolean begun;
  private boolean writing;

  /**
   * How fast a stream goes.
   *
   * @param heartbeat how often something is sent where nothing changes, so that neither side takes
   *     the other for gone
   * @param stallTimeout how long a client may take nothing
   */
  record Pace(Duration heartbeat, Duration stallTimeout) {}

  /** Decides whether a change is for this stream. */
  @FunctionalInterface
  private interface StatusFilter {
    boolean matches(UploadId id, UploadStatus status);
  }

  private UploadStream(
      ServiceRequestContext context, StatusFilter filter, boolean endsWithUpload, Pace pace) {
    this.context = context;
    this.loop = context.eventLoop();
    this.filter = filter;
    this.endsWithUpload = endsWithUpload;
    this.pace = pace;
  }

  /** Makes a stream of all uploads that a filter lets through. */
  static UploadStream of(ServiceRequestContext context, UploadFilter filter, Pace pace) {
    return new UploadStream(context, (id, status) -> filter.matches(status), false, pace);
  }

  /** Makes a stream of one upload, which ends when the upload does. */
  static UploadStream of(ServiceRequestContext context, UploadId upload, Pace pace) {
    return new UploadStream(context, (id, status) -> id.equals(upload), true, pace);
  }

  /** What tells a client, and tells us when it comes again, which status it saw last. */
  static String eventId(Upload upload) {
    return upload.id() + "/" + upload.status().getUpdatedAtMs();
  }

  /**
   * Begins the answer with the status of an upload, unless a newer one of it has come meanwhile.
   */
  HttpResponse begin(Upload first) {
    waiting.putIfNone(first.id(), first.status());
    return begin();
  }

  /** Begins the answer. */
  HttpResponse begin() {
    if (!events.isOpen()) {
      return UploadAnswers.problem(new UploadsUnavailableException(null));
    }
    context.clearRequestTimeout();
    HttpResponse response = ServerSentEvents.fromPublisher(HEADERS, events);
    Future<?> heartbeat =
        loop.scheduleAtFixedRate(
            this::beat,
            pace.heartbeat().toMillis(),
            pace.heartbeat().toMillis(),
            TimeUnit.MILLISECONDS);
    CompletableFuture<Boolean> unused =
        events.whenComplete().handle((done, cause) -> heartbeat.cancel(false));
    begun = true;
    // The headers go out with the first event.
    write(ALIVE, false);
    return response;
  }

  @Override
  public void changed(UploadId id, UploadStatus status) {
    if (filter.matches(id, status)) {
      waiting.put(id, status);
      if (pumpScheduled.compareAndSet(false, true)) {
        onLoop(this::pump);
      }
    }
  }

  @Override
  public void ended() {
    onLoop(events::close);
  }

  private void onLoop(Runnable task) {
    try {
      loop.execute(task);
    } catch (RejectedExecutionException serverIsGone) {
      log.debug("{} is told nothing more", context.clientAddress());
    }
  }

  private void pump() {
    pumpScheduled.set(false);
    writeNext();
  }

  private void writeNext() {
    if (!begun || writing) {
      return;
    }
    Upload upload = waiting.poll();
    if (upload != null) {
      boolean isLast = endsWithUpload && UploadStates.isFinal(upload.status().getState());
      write(event(upload), isLast);
    } else if (waiting.hasOverflown()) {
      write(TOO_SLOW, true);
    }
  }

  private void beat() {
    if (!writing) {
      write(ALIVE, false);
    }
  }

  private void write(ServerSentEvent event, boolean isLast) {
    if (!events.tryWrite(event)) {
      return;
    }
    writing = true;
    Future<?> stall =
        loop.schedule(this::cutOff, pace.stallTimeout().toMillis(), TimeUnit.MILLISECONDS);
    CompletableFuture<Void> unused =
        events
            .whenConsumed()
            .handleAsync(
                (done, cause) -> {
                  stall.cancel(false);
                  writing = false;
                  if (isLast) {
                    events.close();
                  } else if (cause == null) {
                    writeNext();
                  }
                  return null;
                },
                loop);
  }

  private void cutOff() {
    log.debug("{} takes nothing, and is cut off", context.clientAddress());
    events.abort();
    StalledConnection.of(context).close(pace.stallTimeout());
  }

  private static ServerSentEvent event(Upload upload) {
    return ServerSentEvent.builder()
        .id(eventId(upload))
        .event(UPLOAD)
        .data(UploadJson.of(upload.id(), upload.status()).toString())
        .build();
  }
}
