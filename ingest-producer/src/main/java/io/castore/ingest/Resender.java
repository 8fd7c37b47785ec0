package io.castore.ingest;

import java.io.IOException;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends chunks of uploads with their bytes where these are wanted once more: a reference turned out
 * to refer to nothing, or what became of a chunk was not heard of.
 *
 * <p>Safe for use by many threads.
 */
final class Resender {
  private static final Logger log = LoggerFactory.getLogger(Resender.class);

  private final UploadSender sender;
  private final ReaderPool readers;

  Resender(UploadSender sender, ReaderPool readers) {
    this.sender = sender;
    this.readers = readers;
  }

  /** Sends an upload's wanted chunks as soon as a reader is free. */
  void sendSoon(Upload upload) {
    try {
      readers.executeSoon(
          reader -> sender.guard(upload.outcome(), () -> takeAndSend(upload, reader)));
    } catch (RejectedExecutionException stopped) {
      log.debug("Nothing is sent again, since all is over: upload {}", upload.id());
    }
  }

  private void takeAndSend(Upload upload, SourceReader reader) {
    try {
      WantedChunks.Batch batch = upload.wanted().take();
      if (batch != null) {
        send(upload, batch, reader);
      }
    } catch (UploadSender.EndedException ended) {
      log.debug("Nothing is sent again: {}", ended.getMessage());
    } catch (SourceChangedException changed) {
      fail(upload, "it changed after it was read", changed);
    } catch (IOException unreadable) {
      fail(upload, "it cannot be read again", unreadable);
    } finally {
      upload.wanted().release();
    }
  }

  private void send(Upload upload, WantedChunks.Batch batch, SourceReader reader)
      throws IOException {
    sender.requireAwaited(upload);
    Source source = upload.source();
    if (!source.canReadAgain()) {
      throw new IOException("a stream can be read only once");
    }
    log.info("Sending {} chunks of {} again", batch.seqs().cardinality(), source.name());
    new ReRead(source, upload.id(), reader)
        .send(
            batch,
            () -> sender.requireAwaited(upload),
            (digest, chunk) -> sender.chunk(upload, digest, chunk, (partition, offset) -> {}));
  }

  private void fail(Upload upload, String what, IOException failure) {
    String stopped = sender.stopReason();
    String reason =
        stopped != null
            ? stopped
            : "chunks of %s are wanted once more, but %s: %s"
                .formatted(upload.source().name(), what, IngestOutcome.Failed.of(failure).reason());
    sender.abort(upload, reason);
    upload.outcome().complete(new IngestOutcome.Failed(reason));
  }
}
