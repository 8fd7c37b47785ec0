package io.castore.ingest;

import io.castore.pipeline.records.UploadId;
import io.castore.proto.pipeline.UploadEvent.Opened;
import io.castore.proto.pipeline.UploadEvent.Sealed;
import io.castore.proto.pipeline.UploadStatus;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * One upload, from its first record to its end.
 *
 * <p>Safe for use by many threads, as far as {@link UploadWait} and {@link Source} are.
 */
final class Upload implements UploadsInFlight.Listener {
  /** What digests are remembered for while chunks are sent again: some megabytes. */
  private static final int MOST_SENT_AGAIN_AT_ONCE = 1 << 16;

  private final UploadId id;
  private final Source source;
  private final CompletableFuture<IngestOutcome> outcome;
  private final Span trace;
  private final UploadWait wait;
  private final SentChunks sent;
  private final WantedChunks wanted;
  private volatile Opened opened = Opened.getDefaultInstance();
  private volatile boolean toldOpened;

  /**
   * Begins with nothing sent.
   *
   * @param trace ends when the upload does
   * @param onAllThere told once, when the source was read and all its chunks are in Kafka, with
   *     what the upload is sealed with; on a thread that must not be held up
   * @param onWanted told that chunks are wanted again, as {@link WantedChunks} tells it; on a
   *     thread that must not be held up
   */
  Upload(
      UploadId id,
      Source source,
      CompletableFuture<IngestOutcome> outcome,
      Span trace,
      IngestCounters counters,
      BiConsumer<Upload, Sealed> onAllThere,
      Consumer<Upload> onWanted) {
    this.id = id;
    this.source = source;
    this.outcome = outcome;
    this.trace = trace;
    wait = new UploadWait(id, outcome, counters);
    sent = new SentChunks(content -> onAllThere.accept(this, content));
    wanted = new WantedChunks(MOST_SENT_AGAIN_AT_ONCE, () -> onWanted.accept(this));
  }

  UploadId id() {
    return id;
  }

  Source source() {
    return source;
  }

  /** The source was opened, and so it is known which version of it is read. */
  void sourceOpened() {
    Opened.Builder opening =
        Opened.newBuilder().setSource(source.name()).setOpenedAtMs(System.currentTimeMillis());
    source.version().ifPresent(opening::setVersion);
    opened = opening.build();
  }

  /** Gives what is told of it when it begins. */
  Opened opened() {
    return opened;
  }

  /** Notes that it is told by itself that it begins, before that is done. */
  void tellOpened() {
    toldOpened = true;
  }

  /** Whether it is told by itself that it begins; if not, that is told with its end. */
  boolean isToldOpened() {
    return toldOpened;
  }

  /** Gives what somebody waits for. */
  CompletableFuture<IngestOutcome> outcome() {
    return outcome;
  }

  /** Gives the trace that its records belong to. */
  Span trace() {
    return trace;
  }

  SentChunks sent() {
    return sent;
  }

  WantedChunks wanted() {
    return wanted;
  }

  /** The source was read to its end, and is not used any more unless chunks are wanted again. */
  void readToEnd(Sealed content) {
    sent.readToEnd(content);
    wanted.readToEnd(content);
  }

  /**
   * Ends the trace, unless it has ended.
   *
   * @param fault why there is no blob; empty where there is
   */
  void endTrace(String fault) {
    if (!fault.isEmpty()) {
      trace.setStatus(StatusCode.ERROR, fault);
    }
    trace.end();
  }

  @Override
  public void advanced(UploadStatus status) {
    wait.advanced(status);
  }

  @Override
  public void requested(List<Long> seqs) {
    wanted.add(seqs, sent.count());
  }

  @Override
  public void ended(UploadStatus status) {
    trace.setAttribute("castore.state", status.getState().name());
    trace.setAttribute("castore.bytes", status.getSize());
    endTrace(status.getReason());
    wait.ended(status);
  }

  @Override
  public void lost(PipelineUnavailableException failure) {
    endTrace(String.valueOf(failure.getMessage()));
    wait.lost(failure);
  }
}
