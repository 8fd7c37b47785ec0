package io.castore.blobs;

import io.castore.content.digest.Blake3;
import io.castore.content.digest.Digest;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** Sends a content to a service. */
final class HttpSink implements ContentSink {
  private static final long LOOK_MS = 500;

  private final ServiceCalls calls;
  private final Duration patience;
  private final BodyPipe pipe;
  private final ServiceCalls.PendingAnswer pending;
  private final Blake3 blake3 = new Blake3();
  private volatile boolean aborted;
  private ByteBuffer piece = ByteBuffer.allocate(BodyPipe.PIECE);

  /**
   * Begins to send.
   *
   * @param expected the digest that the content has to have
   * @param source the upload's name; null for one of the service's
   * @param patience how long the service may take nothing, and how long it may take to answer
   */
  HttpSink(
      ServiceCalls calls,
      Executor executor,
      Optional<Digest> expected,
      @Nullable URI source,
      Duration patience) {
    this.calls = calls;
    this.patience = patience;
    pipe = new BodyPipe(executor);
    pending = calls.put(expected.map(digest -> "blobs/" + digest).orElse("blobs"), source, pipe);
  }

  @Override
  public void write(ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      int taken = Math.min(bytes.remaining(), piece.remaining());
      piece.put(bytes.slice().limit(taken));
      bytes.position(bytes.position() + taken);
      if (!piece.hasRemaining()) {
        send();
      }
    }
  }

  private void send() throws IOException {
    piece.flip();
    blake3.update(piece.array(), 0, piece.limit());
    if (piece.hasRemaining()) {
      Object unused =
          Await.result(
              CompletableFuture.anyOf(
                  pipe.subscribed(), pending.future().handle((answer, failure) -> true)),
              patience,
              calls + " to take an upload");
      long deadline = System.nanoTime() + patience.toNanos();
      while (!endedEarly() && !pipe.offer(piece, LOOK_MS)) {
        if (System.nanoTime() - deadline > 0) {
          throw new ServiceUnavailableException(
              "%s took nothing of an upload for %d s".formatted(calls, patience.toSeconds()), null);
        }
      }
    }
    piece = ByteBuffer.allocate(BodyPipe.PIECE);
  }

  /** Throws what the service said before it had all. */
  private boolean endedEarly() throws IOException {
    if (pending.future().isDone()) {
      StoredBlob early = answer();
      throw new UntrueAnswerException(
          "%s took blob %s before it was whole".formatted(calls, early.digest()), null);
    }
    return false;
  }

  @Override
  public StoredBlob end() throws IOException {
    send();
    pipe.end();
    StoredBlob stored = answer();
    Digest sent = blake3.finish();
    if (!stored.digest().equals(sent)) {
      throw new UntrueAnswerException(
          "%s stored blob %s (expected: %s, which was sent)"
              .formatted(calls, stored.digest(), sent),
          null);
    }
    return stored;
  }

  private StoredBlob answer() throws IOException {
    if (aborted) {
      throw new IOException("the upload was given up");
    }
    try (ServiceCalls.Answer answer = calls.await(pending, patience)) {
      return StoredBlobAnswer.read(answer, calls.toString());
    } catch (InterruptedIOException interrupted) {
      throw interrupted;
    } catch (ServiceUnavailableException cut) {
      if (cut.getCause() != null) {
        requireAccess();
      }
      throw cut;
    }
  }

  /**
   * A service that refuses an upload early may close the connection before its answer was read. An
   * empty upload is answered in any case.
   */
  private void requireAccess() throws ServiceErrorException {
    try {
      calls
          .await(
              calls.put("blobs/" + Digest.EMPTY, null, HttpRequest.BodyPublishers.noBody()),
              patience)
          .close();
    } catch (ServiceErrorException refused) {
      if (refused.isAboutAccess()) {
        throw refused;
      }
    } catch (IOException unavailable) {
      // Which is what the caller says.
    }
  }

  @Override
  public void abort() {
    aborted = true;
    pipe.abort();
    pending.future().cancel(true);
  }
}
