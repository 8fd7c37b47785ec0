package io.castore.query.now;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Looks at something once for all who ask within a while: however many ask, one looks at a time,
 * and what was seen, or why it was not, is given until it is too old.
 *
 * <p>Safe for use by many threads.
 */
final class SharedLook<T> {
  private final Callable<T> look;
  private final Duration age;

  private @Nullable CompletableFuture<T> last;
  private long outdatedNanos;

  /**
   * Has not looked yet.
   *
   * @param age for how long what was seen is given
   */
  SharedLook(Callable<T> look, Duration age) {
    this.look = look;
    this.age = age;
  }

  /**
   * Gives what was seen, or will be.
   *
   * @param executor where it is looked, which may be kept waiting
   */
  synchronized CompletableFuture<T> get(Executor executor) {
    CompletableFuture<T> known = last;
    if (known != null && (!known.isDone() || System.nanoTime() - outdatedNanos < 0)) {
      return known.copy();
    }
    CompletableFuture<T> looking = CompletableFuture.supplyAsync(this::look, executor);
    last = looking;
    return looking.copy();
  }

  private T look() {
    try {
      return look.call();
    } catch (RuntimeException failed) {
      throw failed;
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new CompletionException(interrupted);
    } catch (Exception failed) {
      throw new CompletionException(failed);
    } finally {
      setAge();
    }
  }

  private synchronized void setAge() {
    outdatedNanos = System.nanoTime() + age.toNanos();
  }
}
