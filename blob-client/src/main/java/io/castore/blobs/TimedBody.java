package io.castore.blobs;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The body of an answer as a stream whose reads have a time limit, which those of the JDK lack.
 * Holds some network buffers at most, and lets the sender wait beyond.
 *
 * <p>Read by one thread at a time; closed by any.
 */
final class TimedBody extends InputStream implements Flow.Subscriber<List<ByteBuffer>> {
  private static final int BUFFERS_AHEAD = 8;

  private final Duration limit;

  /** Never more than were asked for, and the end. */
  private final BlockingQueue<Signal> signals = new LinkedBlockingQueue<>();

  private final Deque<ByteBuffer> atHand = new ArrayDeque<>();
  private volatile Flow.@Nullable Subscription subscription;
  private volatile boolean closed;
  private boolean ended;

  /**
   * Waits to be subscribed to a body.
   *
   * @param limit how long a read waits for bytes
   */
  TimedBody(Duration limit) {
    this.limit = limit;
  }

  private sealed interface Signal {
    record Bytes(List<ByteBuffer> buffers) implements Signal {}

    record End(@Nullable Throwable failure) implements Signal {}
  }

  @Override
  public void onSubscribe(Flow.Subscription given) {
    subscription = given;
    if (closed) {
      given.cancel();
    } else {
      given.request(BUFFERS_AHEAD);
    }
  }

  @Override
  public void onNext(List<ByteBuffer> buffers) {
    signals.add(new Signal.Bytes(buffers));
  }

  @Override
  public void onError(Throwable failure) {
    signals.add(new Signal.End(failure));
  }

  @Override
  public void onComplete() {
    signals.add(new Signal.End(null));
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] target, int offset, int wanted) throws IOException {
    Objects.checkFromIndexSize(offset, wanted, target.length);
    if (wanted == 0) {
      return 0;
    }
    while (!ended && (atHand.isEmpty() || !atHand.getFirst().hasRemaining())) {
      if (atHand.pollFirst() == null) {
        awaitMore();
      }
    }
    if (ended) {
      return -1;
    }
    ByteBuffer first = atHand.getFirst();
    int given = Math.min(wanted, first.remaining());
    first.get(target, offset, given);
    return given;
  }

  private void awaitMore() throws IOException {
    Signal signal = nextSignal();
    if (signal instanceof Signal.Bytes bytes) {
      atHand.addAll(bytes.buffers());
      Flow.Subscription source = subscription;
      if (source != null) {
        source.request(1);
      }
    } else if (signal instanceof Signal.End end) {
      if (end.failure() != null) {
        // Stays there for whoever reads again.
        signals.add(end);
        throw new IOException(String.valueOf(end.failure().getMessage()), end.failure());
      }
      ended = true;
    }
  }

  private Signal nextSignal() throws IOException {
    if (closed) {
      throw new IOException("closed");
    }
    try {
      Signal signal = signals.poll(limit.toMillis(), TimeUnit.MILLISECONDS);
      if (signal == null) {
        close();
        throw new IOException("nothing came for %s s".formatted(limit.toMillis() / 1e3));
      }
      return signal;
    } catch (InterruptedException interrupted) {
      close();
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while waiting for bytes");
    }
  }

  /** Gives the rest up, and the connection with it unless the end was read. */
  @Override
  public void close() {
    closed = true;
    Flow.Subscription source = subscription;
    if (source != null) {
      source.cancel();
    }
  }
}
