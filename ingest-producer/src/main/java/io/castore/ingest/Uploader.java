package io.castore.ingest;

import io.castore.content.digest.Digest;
import io.castore.pipeline.records.UploadId;
import io.castore.pipeline.telemetry.Tracing;
import io.castore.proto.pipeline.ChunkRecord;
import io.castore.proto.pipeline.UploadEvent.Sealed;
import io.opentelemetry.api.trace.Span;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes each source an upload. A chunk that the store is known to hold is referred to, without its
 * bytes, where the source can be read once more should the store not hold it after all.
 *
 * <p>Safe for use by many threads.
 */
final class Uploader {
  private static final Logger log = LoggerFactory.getLogger(Uploader.class);
  private static final String SPAN = "ingest";
  private static final int READS_OF_A_CHANGING_SOURCE = 3;

  private final UploadSender sender;
  private final ReferableChunks referable;
  private final Tracing tracing;
  private final IngestCounters counters;
  private final Executor sealing;
  private final Consumer<Upload> onWanted;

  /**
   * Puts the parts together.
   *
   * @param tracing follows each upload
   * @param sealing writes into Kafka that uploads are sealed, and may have to wait for that
   * @param onWanted told that chunks of an upload are wanted again
   */
  Uploader(
      UploadSender sender,
      ReferableChunks referable,
      Tracing tracing,
      IngestCounters counters,
      Executor sealing,
      Consumer<Upload> onWanted) {
    this.sender = sender;
    this.referable = referable;
    this.tracing = tracing;
    this.counters = counters;
    this.sealing = sealing;
    this.onWanted = onWanted;
  }

  /** Reads a source, and again where it changed meanwhile. */
  void ingest(Source source, SourceReader reader, CompletableFuture<IngestOutcome> outcome) {
    sender.guard(
        outcome,
        () -> {
          int reads = source.canReadAgain() ? READS_OF_A_CHANGING_SOURCE : 1;
          for (int read = 1; !upload(source, reader, outcome, read == reads); read++) {
            log.debug("{} changed while it was read; reading it again", source.name());
          }
        });
  }

  /**
   * Reads a source once, as one upload.
   *
   * @return whether that was its end; false where it changed meanwhile and can be read again
   */
  private boolean upload(
      Source source,
      SourceReader reader,
      CompletableFuture<IngestOutcome> outcome,
      boolean lastTry) {
    String stopped = sender.stopReason();
    if (stopped != null) {
      return fail(outcome, stopped);
    }
    UploadId id = UploadId.random();
    Span trace = tracing.begin(SPAN);
    trace.setAttribute("castore.upload", id.toString());
    trace.setAttribute("castore.source", source.name());
    Upload upload =
        new Upload(id, source, outcome, trace, counters, this::sealAfterwards, onWanted);
    try {
      upload.readToEnd(read(upload, reader));
    } catch (UploadSender.EndedException ended) {
      log.debug("{} is not read on: {}", source.name(), ended.getMessage());
      upload.endTrace(String.valueOf(ended.getMessage()));
    } catch (SourceChangedException changed) {
      String reason = IngestOutcome.Failed.of(changed).reason();
      sender.abort(upload, reason);
      upload.endTrace(reason);
      return lastTry && fail(outcome, reason);
    } catch (IOException unreadable) {
      String reason = IngestOutcome.Failed.of(unreadable).reason();
      sender.abort(upload, reason);
      upload.endTrace(reason);
      return fail(outcome, reason);
    }
    return true;
  }

  private static boolean fail(CompletableFuture<IngestOutcome> outcome, String reason) {
    outcome.complete(new IngestOutcome.Failed(reason));
    return true;
  }

  private Sealed read(Upload upload, SourceReader reader) throws IOException {
    Source source = upload.source();
    SourceReader.Referable refers =
        source.canReadAgain() ? referable.ofUpload() : SourceReader.Referable.of(digest -> false);
    FirstChunk chunks =
        new FirstChunk(() -> sender.open(upload), (digest, chunk) -> send(upload, digest, chunk));
    try (InputStream in = source.open()) {
      sender.begin(upload);
      if (!source.canReadAgain()) {
        // It may be slow, and somebody may want to see it come.
        chunks.open();
      }
      Sealed content = reader.read(in, upload.id(), refers, chunks);
      source.checkContent(Digest.of(content.getBlobDigest().toByteArray()), content.getSize());
      chunks.end();
      return content;
    }
  }

  private void send(Upload upload, Digest digest, ChunkRecord chunk) throws IOException {
    upload.sent().sending();
    sender.chunk(upload, digest, chunk, upload.sent()::arrived);
    counters.read(chunk.getRawSize());
  }

  /** Runs on the producer's own thread, too, which must not send anything. */
  private void sealAfterwards(Upload upload, Sealed content) {
    sealing.execute(() -> sender.guard(upload.outcome(), () -> sender.seal(upload, content)));
  }
}
