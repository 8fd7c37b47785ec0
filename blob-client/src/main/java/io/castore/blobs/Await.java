package io.castore.blobs;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Waits for what others do, and never without end. */
final class Await {
  private Await() {}

  /**
   * Gives what a future is completed with.
   *
   * @param what is waited for, to follow "waited 30 s for"
   * @throws IOException what the future failed with
   * @throws ServiceUnavailableException if the time is over; the future is cancelled
   * @throws InterruptedIOException if this thread was interrupted; the future is cancelled
   */
  static <T> T result(CompletableFuture<T> future, Duration limit, String what) throws IOException {
    try {
      return future.get(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException late) {
      future.cancel(true);
      throw new ServiceUnavailableException(
          "waited %s s for %s".formatted(limit.toMillis() / 1e3, what), late);
    } catch (InterruptedException interrupted) {
      future.cancel(true);
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while waiting for " + what);
    } catch (CancellationException cancelled) {
      throw new IOException("given up while waiting for " + what, cancelled);
    } catch (ExecutionException failed) {
      if (failed.getCause() instanceof IOException io) {
        throw io;
      }
      throw new IOException(String.valueOf(failed.getCause()), failed);
    }
  }
}
