package io.castore.feeds;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Lets the versions of one source be worked on one after the other, in the order in which they
 * came, and those of different sources at once. Takes memory for what has begun or waits alone.
 *
 * <p>Safe for use by many threads.
 */
public final class SourceOrder {
  /** For each source that is being worked on, what waits. */
  private final Map<String, Queue<Runnable>> waiting = new HashMap<>();

  /**
   * Begins work on a source: at once, on this thread, where nothing else of it is under way, else
   * on the thread that ends what is.
   *
   * @param work has to lead to one call of {@link #end}
   */
  public void begin(String source, Runnable work) {
    synchronized (this) {
      Queue<Runnable> others = waiting.get(source);
      if (others != null) {
        others.add(work);
        return;
      }
      waiting.put(source, new ArrayDeque<>(1));
    }
    work.run();
  }

  /** Ends work on a source, and begins what waits for that. */
  public void end(String source) {
    Runnable next = next(source);
    if (next != null) {
      next.run();
    }
  }

  private synchronized @Nullable Runnable next(String source) {
    Queue<Runnable> others = waiting.get(source);
    if (others == null) {
      throw new IllegalStateException("nothing of " + source + " is under way");
    }
    Runnable next = others.poll();
    if (next == null) {
      waiting.remove(source);
    }
    return next;
  }
}
