package io.castore.ingest;

import io.castore.content.digest.Digest;
import io.castore.pipeline.records.UploadId;
import io.castore.proto.pipeline.ChunkRecord;
import io.castore.proto.pipeline.UploadEvent.Sealed;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/**
 * Sends what belongs to uploads, as long as their ends are awaited and while there is room for it
 * in Kafka, and ends those that nothing more can be sent of.
 *
 * <p>Safe for use by many threads.
 */
final class UploadSender {
  private final UploadsInFlight uploads;
  private final UploadWriter writer;
  private final BacklogGate gate;
  private final Consumer<RuntimeException> onUnsendable;
  private volatile @Nullable String stopReason;

  /**
   * Puts the parts together.
   *
   * @param onUnsendable told that nothing can be written into Kafka; ends all uploads
   */
  UploadSender(
      UploadsInFlight uploads,
      UploadWriter writer,
      BacklogGate gate,
      Consumer<RuntimeException> onUnsendable) {
    this.uploads = uploads;
    this.writer = writer;
    this.gate = gate;
    this.onUnsendable = onUnsendable;
  }

  /** There is no use in going on with an upload, and its outcome is somebody else's. */
  static final class EndedException extends IOException {
    private static final long serialVersionUID = 1L;

    private EndedException(UploadId id) {
      super("upload %s has ended".formatted(id));
    }
  }

  /** Sends nothing more, but that uploads are aborted. */
  void stop(String reason) {
    stopReason = reason;
  }

  /** Gives the reason that nothing more is sent, where that is so. */
  @Nullable String stopReason() {
    return stopReason;
  }

  /**
   * Awaits the end of an upload, whose source was opened. Nothing is told of it yet.
   *
   * @throws IOException if nothing more is sent
   */
  void begin(Upload upload) throws IOException {
    upload.sourceOpened();
    uploads.begin(upload.id(), upload);
    requireAwaited(upload);
  }

  /**
   * Tells that an upload begins.
   *
   * @throws IOException if nothing more is sent
   */
  void open(Upload upload) throws IOException {
    requireAwaited(upload);
    upload.tellOpened();
    writer.opened(upload.id(), upload.opened(), upload.trace());
  }

  /**
   * Sends a chunk, after waiting until there is room for it.
   *
   * @throws EndedException if the upload's end is not awaited any more
   * @throws IOException if nothing more is sent
   */
  void chunk(Upload upload, Digest digest, ChunkRecord chunk, UploadWriter.Arrival onArrival)
      throws IOException {
    requireAwaited(upload);
    gate.awaitRoom(chunk.getSerializedSize(), () -> requireAwaited(upload));
    writer.chunk(digest, chunk, upload.trace(), onArrival);
  }

  /**
   * Tells that an upload is whole, and what it is where nobody was told yet, unless it has ended.
   */
  void seal(Upload upload, Sealed content) {
    if (!uploads.isAwaited(upload.id())) {
      return;
    }
    if (upload.isToldOpened()) {
      writer.sealed(upload.id(), content, upload.trace());
    } else {
      writer.whole(upload.id(), upload.opened(), content, upload.trace());
    }
  }

  /**
   * Makes sure that there is a use in going on.
   *
   * @throws EndedException if the upload's end is not awaited any more
   * @throws IOException if nothing more is sent
   */
  void requireAwaited(Upload upload) throws IOException {
    String reason = stopReason;
    if (reason != null) {
      throw new IOException(reason);
    }
    if (!uploads.isAwaited(upload.id())) {
      throw new EndedException(upload.id());
    }
  }

  /** Gives up an upload that cannot be read, if it had begun. Its outcome is left to the caller. */
  void abort(Upload upload, String reason) {
    if (!uploads.isAwaited(upload.id())) {
      return;
    }
    try {
      if (upload.isToldOpened() || upload.sent().count() > 0) {
        writer.aborted(upload.id(), reason);
      }
    } finally {
      // Not before: what is awaited is told to Kafka when all is aborted, too, before the producer
      // is closed.
      uploads.forget(upload.id());
    }
  }

  /** Does something for an upload, and makes of its failure the upload's outcome. */
  void guard(CompletableFuture<IngestOutcome> outcome, Runnable work) {
    try {
      work.run();
    } catch (KafkaException | IllegalStateException unsendable) {
      giveUp(outcome, unsendable);
    } catch (RuntimeException | Error fault) {
      outcome.completeExceptionally(fault);
    }
  }

  /** Ends what could not be sent. After an abort, which closes the producer, that is all. */
  private void giveUp(CompletableFuture<IngestOutcome> outcome, RuntimeException unsendable) {
    String reason = stopReason;
    if (reason == null) {
      onUnsendable.accept(unsendable);
      outcome.completeExceptionally(PipelineUnavailableException.of(unsendable));
    } else {
      outcome.complete(new IngestOutcome.Failed(reason));
    }
  }
}
