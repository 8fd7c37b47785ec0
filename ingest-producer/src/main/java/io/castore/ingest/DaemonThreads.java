package io.castore.ingest;

import java.util.concurrent.ThreadFactory;

/** Makes threads that do not keep a process alive. */
final class DaemonThreads {
  private DaemonThreads() {}

  /** Makes threads of one name. */
  static ThreadFactory named(String name) {
    return task -> {
      Thread thread = new Thread(task, name);
      thread.setDaemon(true);
      return thread;
    };
  }
}
