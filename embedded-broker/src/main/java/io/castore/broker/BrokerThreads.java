package io.castore.broker;

import java.util.concurrent.CompletableFuture;
import java.util.function.IntConsumer;
import kafka.server.FaultHandlerFactory;
import org.apache.kafka.common.utils.Exit;
import org.apache.kafka.server.fault.FaultHandler;
import org.apache.kafka.server.fault.LoggingFaultHandler;
import org.jspecify.annotations.Nullable;

/**
 * The threads of one broker, and the first fault that would have ended the process.
 *
 * <p>Kafka answers a fatal fault by halting the JVM, in two ways. Most go through a fault handler,
 * which this class provides, with what went wrong. The others (all log directories failed, a
 * request thread died) call {@link Exit}, which is one for the JVM; a thread group, which threads
 * inherit from those that start them, tells which broker called. An exit asked for by any other
 * thread happens as ever.
 *
 * <p>Safe for use by many threads.
 */
final class BrokerThreads extends ThreadGroup implements FaultHandlerFactory {
  private final CompletableFuture<Throwable> fault = new CompletableFuture<>();

  BrokerThreads(int port) {
    super("embedded-broker-" + port);
    // They stay for good: a thread that outlives its broker must not end the process either.
    Exit.setHaltProcedure(
        (status, message) -> end("halt", status, message, Runtime.getRuntime()::halt));
    Exit.setExitProcedure((status, message) -> end("exit", status, message, System::exit));
  }

  /** Completes, normally, with the first fatal fault; mostly never. */
  CompletableFuture<Throwable> fault() {
    return fault;
  }

  /** Starts a thread whose faults, and those of the threads that it starts, come here. */
  Thread start(String name, Runnable task) {
    Thread thread = new Thread(this, task, getName() + "-" + name);
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  @Override
  public FaultHandler build(String name, boolean fatal, Runnable action) {
    LoggingFaultHandler logging = new LoggingFaultHandler(name, action);
    if (!fatal) {
      return logging;
    }
    return (message, cause) -> {
      RuntimeException handled = logging.handleFault(name + ": " + message, cause);
      fault.complete(handled);
      return handled;
    };
  }

  /** Returns, where the JVM is to live on: then so does the thread, in a broker without use. */
  private static void end(
      String how, int status, @Nullable String message, IntConsumer endProcess) {
    Thread thread = Thread.currentThread();
    for (ThreadGroup group = thread.getThreadGroup(); group != null; group = group.getParent()) {
      if (group instanceof BrokerThreads broker) {
        broker.fault.complete(
            new IllegalStateException(
                String.format(
                    "thread %s of the broker asked for %s with status %d%s; the log says why",
                    thread.getName(), how, status, message == null ? "" : " (" + message + ")")));
        return;
      }
    }
    endProcess.accept(status);
  }
}
