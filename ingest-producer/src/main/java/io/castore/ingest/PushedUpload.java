package io.castore.ingest;

import io.castore.content.digest.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * An upload whose bytes are handed over piece by piece. Nothing of it is published unless {@link
 * #end} is called.
 *
 * <p>Not thread-safe, but for {@link #abort} and {@link #outcome}. No call waits.
 */
public final class PushedUpload {
  private final String name;
  private final Optional<Digest> expected;
  private final long maxBytes;
  private final PushedStream content;
  private final CompletableFuture<PushOutcome> outcome = new CompletableFuture<>();
  private final AtomicReference<@Nullable PushOutcome> verdict = new AtomicReference<>();
  private volatile boolean opened;
  private long bytes;

  /**
   * Begins with nothing.
   *
   * @param name the source's name, a URI
   * @param expected the digest that the content has to have
   * @param maxBytes how long the content may be
   * @param patience how long nothing may be handed over while something could be taken
   */
  PushedUpload(String name, Optional<Digest> expected, long maxBytes, Duration patience) {
    this.name = name;
    this.expected = expected;
    this.maxBytes = maxBytes;
    content = new PushedStream(patience);
  }

  /**
   * Hands a piece over, when the one before was taken.
   *
   * @param piece not to be changed until the future completes: then there is room for the next one
   * @return fails with an {@link IOException} where the upload has ended otherwise: see {@link
   *     #outcome}
   */
  public CompletableFuture<Void> write(ByteBuffer piece) {
    bytes += piece.remaining();
    if (bytes > maxBytes) {
      giveUp(new PushOutcome.TooLong(maxBytes), "longer than %d bytes".formatted(maxBytes));
    }
    return content.push(piece);
  }

  /** Says that the content is whole, when the last piece was taken. */
  public void end() {
    content.end();
  }

  /**
   * Gives the upload up, unless its content is whole.
   *
   * @param reason for people who look at uploads
   */
  public void abort(String reason) {
    giveUp(new PushOutcome.Aborted(reason), reason);
  }

  /** Gives the upload up since the service stops. */
  void stop() {
    String reason = "the service stops";
    giveUp(new PushOutcome.Unavailable(reason), reason);
  }

  /** Gives the upload up where others are still being read. */
  void giveUpUnlessRead() {
    if (!opened) {
      String reason = "too many uploads at once";
      giveUp(new PushOutcome.Unavailable(reason), reason);
    }
  }

  private void giveUp(PushOutcome how, String reason) {
    // Before the content fails, since the reader then ends the upload at once.
    boolean first = verdict.compareAndSet(null, how);
    if (!content.fail(new IOException(reason))) {
      // The end was the word to publish, or it had failed before.
      boolean unused = first && verdict.compareAndSet(how, null);
    } else if (!opened) {
      outcome.complete(how);
    }
  }

  /** Is completed when the upload has ended, and never with an exception. */
  public CompletableFuture<PushOutcome> outcome() {
    return outcome;
  }

  void ended(@Nullable IngestOutcome how, @Nullable Throwable failure) {
    content.close();
    PushOutcome known = verdict.get();
    if (how instanceof IngestOutcome.Complete blob) {
      outcome.complete(new PushOutcome.Stored(blob));
    } else if (known != null) {
      outcome.complete(known);
    } else if (how instanceof IngestOutcome.Failed failed) {
      outcome.complete(new PushOutcome.Failed(failed.reason()));
    } else {
      outcome.complete(new PushOutcome.Unavailable(reason(failure)));
    }
  }

  private static String reason(@Nullable Throwable failure) {
    return failure == null || failure.getMessage() == null
        ? "the pipeline cannot be used"
        : failure.getMessage();
  }

  /** Gives the upload as the ingester reads it. */
  Source source() {
    return new Source() {
      @Override
      public String name() {
        return name;
      }

      @Override
      public InputStream open() {
        opened = true;
        content.open();
        return new Watched();
      }

      @Override
      public void checkContent(Digest digest, long bytesRead) throws IOException {
        if (expected.isPresent() && !expected.get().equals(digest)) {
          verdict.set(new PushOutcome.WrongDigest(digest));
          throw new IOException(
              "digest of the content: %s (expected: %s)".formatted(digest, expected.get()));
        }
      }

      @Override
      public boolean canReadAgain() {
        return false;
      }
    };
  }

  /** Notes why the content cannot be read on. */
  private final class Watched extends InputStream {
    @Override
    public int read() throws IOException {
      return content.read();
    }

    @Override
    public int read(byte[] target, int offset, int wanted) throws IOException {
      try {
        return content.read(target, offset, wanted);
      } catch (PushedStream.SilenceException silence) {
        abort(String.valueOf(silence.getMessage()));
        throw silence;
      }
    }

    @Override
    public int available() {
      return content.available();
    }

    @Override
    public void close() {
      content.close();
    }
  }
}
