package io.castore.endtoend.faults;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/**
 * Keeps services running, and ends them in the end.
 *
 * <p>Safe for use by many threads.
 */
final class Supervisor implements AutoCloseable {
  private static final long LOOK_MILLIS = 100;

  private final List<Supervised> services = new CopyOnWriteArrayList<>();
  private final Thread watch = new Thread(this::watch, "supervisor");

  Supervisor() {
    watch.setDaemon(true);
    watch.start();
  }

  /** Starts a service. */
  Supervised start(Supervised service) throws IOException {
    services.add(service);
    service.start();
    return service;
  }

  /** How often services ended without being told to. */
  int unaskedEnds() {
    return services.stream().mapToInt(Supervised::unaskedEnds).sum();
  }

  void dumpThreads() throws IOException {
    for (Supervised service : services) {
      service.dumpThreads();
    }
  }

  private void watch() {
    try {
      while (true) {
        TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
        for (Supervised service : services) {
          service.watch();
        }
      }
    } catch (InterruptedException end) {
      // Told to end.
    } catch (IOException cannotStart) {
      throw new IllegalStateException(cannotStart);
    }
  }

  /** Kills all services, the latest first. */
  @Override
  public void close() {
    watch.interrupt();
    List<Supervised> latestFirst = new ArrayList<>(services);
    Collections.reverse(latestFirst);
    latestFirst.forEach(Supervised::close);
  }
}
