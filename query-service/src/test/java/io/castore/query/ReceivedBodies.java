package io.castore.query;

import io.castore.content.digest.Digest;
import io.castore.content.layout.ChunkList;
import io.castore.ingest.IngestOutcome;
import io.castore.ingest.PushOutcome;
import io.castore.pipeline.records.UploadId;
import io.castore.query.http.BlobIntake;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;

/** Takes bodies in, and stores those that are whole: a pipeline without Kafka. */
public final class ReceivedBodies implements BlobIntake {
  private final StoredContent store;
  private final List<Received> begun = new CopyOnWriteArrayList<>();
  private volatile boolean full;
  private volatile boolean holds;

  /** Stores what is whole there. */
  public ReceivedBodies(StoredContent store) {
    this.store = store;
  }

  /** Has it take no more. */
  public void fill() {
    full = true;
  }

  /** Has it take no piece in but the first, which is empty. */
  public void hold() {
    holds = true;
  }

  /** Gives all that were begun. */
  public List<Received> begun() {
    return begun;
  }

  @Override
  public Optional<Body> begin(String source, Optional<Digest> expected) {
    if (full) {
      return Optional.empty();
    }
    Received received = new Received(source);
    begun.add(received);
    return Optional.of(received);
  }

  /** One of them. */
  public final class Received implements Body {
    private final String source;
    private final ByteArrayOutputStream content = new ByteArrayOutputStream();
    private final CompletableFuture<PushOutcome> outcome = new CompletableFuture<>();
    private volatile int pieces;

    private Received(String source) {
      this.source = source;
    }

    /** Gives what it was named. */
    public String source() {
      return source;
    }

    /** Tells how many pieces with bytes came. */
    public int pieces() {
      return pieces;
    }

    @Override
    public synchronized CompletableFuture<Void> write(ByteBuffer piece) {
      if (outcome.isDone()) {
        return CompletableFuture.failedFuture(new IOException("ended"));
      }
      if (piece.hasRemaining()) {
        pieces = pieces + 1;
        if (holds) {
          return new CompletableFuture<>();
        }
      }
      byte[] bytes = new byte[piece.remaining()];
      piece.get(bytes);
      content.writeBytes(bytes);
      return CompletableFuture.completedFuture(null);
    }

    @Override
    public synchronized void end() {
      if (!outcome.isDone()) {
        ChunkList blob = store.put(content.toByteArray());
        outcome.complete(
            new PushOutcome.Stored(
                new IngestOutcome.Complete(
                    UploadId.random(), blob.blob(), blob.size(), blob.count(), 0, 0)));
      }
    }

    @Override
    public void abort(String reason) {
      finish(new PushOutcome.Aborted(reason));
    }

    /** Ends it. */
    public void finish(PushOutcome how) {
      outcome.complete(how);
    }

    @Override
    public CompletableFuture<PushOutcome> outcome() {
      return outcome;
    }
  }
}
