package io.castore.pipeline.streams.commit;

import org.apache.kafka.streams.errors.StreamsException;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.StateStoreContext;
import org.apache.kafka.streams.processor.internals.InternalProcessorContext;
import org.apache.kafka.streams.processor.internals.ProcessorNode;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.internals.CacheFlushListener;
import org.apache.kafka.streams.state.internals.CachedStateStore;
import org.jspecify.annotations.Nullable;

/**
 * Runs an action of a processor in each commit of its task, before the offsets are committed. The
 * action may write to the processor's stores and forward records: the commit includes both.
 *
 * <p>A commit of Kafka Streams 4.3 goes {@code StreamTask.prepareCommit} → {@code flushCache} of
 * every store of the task → {@code flush} of the producer → {@code commitSync} of the offsets →
 * {@code StateStore.commit}. Only the first of these steps can still hold an offset back, and it
 * asks stores with a cache alone. So this is a store that holds nothing and whose cache is the
 * action. What the action throws fails the commit, and the task is closed without it.
 *
 * <p>The action also runs when a task that failed, or was taken away, is thrown away. No offset is
 * committed then, and what it throws is only logged.
 *
 * <p>Beside {@link SentRecords} this is the one class that uses types of Kafka Streams that are not
 * public: {@link CachedStateStore}, and of {@link InternalProcessorContext} the current node,
 * without which nothing can be forwarded in a flush. A new version of Kafka Streams may break it.
 * Tests on a driver and on a broker fail then.
 *
 * <p>Belongs to one task, and is used by the thread that runs it.
 */
public final class CommitHook implements StateStore, CachedStateStore<Object, Object> {
  private final String name;
  private @Nullable InternalProcessorContext<?, ?> context;
  private @Nullable ProcessorNode<?, ?, ?, ?> node;
  private @Nullable Runnable action;
  private boolean open;

  CommitHook(String name) {
    this.name = name;
  }

  /**
   * Describes a hook as a store of a topology, to be connected to one processor.
   *
   * @param name what the processor gets it by
   */
  public static StoreBuilder<CommitHook> named(String name) {
    return new CommitHookBuilder(name);
  }

  /**
   * Sets what each commit runs. To be called in the processor's {@code init}: the action forwards
   * as this processor does.
   */
  public void beforeCommit(Runnable what) {
    node = context().currentNode();
    action = what;
  }

  /** The first step of a commit. */
  @Override
  public void flushCache() {
    if (action == null) {
      return;
    }
    InternalProcessorContext<?, ?> now = context();
    ProcessorNode<?, ?, ?, ?> before = now.currentNode();
    now.setCurrentNode(node);
    try {
      action.run();
    } finally {
      now.setCurrentNode(before);
    }
  }

  private InternalProcessorContext<?, ?> context() {
    if (context == null) {
      throw new IllegalStateException("the store " + name + " is not open");
    }
    return context;
  }

  @Override
  public void init(StateStoreContext storeContext, StateStore root) {
    if (!(storeContext instanceof InternalProcessorContext<?, ?> internal)) {
      throw new StreamsException(
          "context: %s (expected: one of Kafka Streams' own)".formatted(storeContext.getClass()));
    }
    context = internal;
    // Without being registered it is not asked in a commit. Nothing is ever restored.
    storeContext.register(root, (key, value) -> {});
    open = true;
  }

  /** There are no entries that a listener could be told of. */
  @Override
  public boolean setFlushListener(
      CacheFlushListener<Object, Object> listener, boolean sendOldValues) {
    return false;
  }

  /** The action is not undone. */
  @Override
  public void clearCache() {}

  @Override
  public String name() {
    return name;
  }

  @Override
  public boolean persistent() {
    return false;
  }

  @Override
  public boolean isOpen() {
    return open;
  }

  @Override
  public void close() {
    open = false;
    action = null;
  }
}
