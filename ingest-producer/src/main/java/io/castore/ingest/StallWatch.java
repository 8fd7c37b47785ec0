package io.castore.ingest;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Gives up the uploads of which nothing is heard for too long, and tells what they wait for.
 *
 * <p>Safe for use by many threads.
 */
final class StallWatch {
  private static final double GIGABYTE = 1e9;

  private final Duration timeout;
  private final UploadsInFlight uploads;
  private final ReaderPool readers;
  private final BacklogGate gate;
  private final PausedServices services;

  /**
   * Watches uploads.
   *
   * @param timeout how long nothing may be heard
   */
  StallWatch(
      Duration timeout,
      UploadsInFlight uploads,
      ReaderPool readers,
      BacklogGate gate,
      PausedServices services) {
    this.timeout = timeout;
    this.uploads = uploads;
    this.readers = readers;
    this.gate = gate;
    this.services = services;
  }

  /** Looks after the uploads; to be called about once a second. */
  void check() {
    boolean shrank = gate.refresh();
    if (shrank || isReading() || services.pause().isPresent()) {
      uploads.heard();
    } else if (uploads.silence().compareTo(timeout) > 0) {
      uploads.loseAll(
          new PipelineUnavailableException(
              "nothing was heard of the pipeline for %d s while %d uploads await their end: is a chunker running, and an indexer?"
                  .formatted(timeout.toSeconds(), uploads.ids().size()),
              null));
    }
  }

  /**
   * Tells whether a source is being read, which may be slow by itself; what was read to its end, or
   * is held back, must go on.
   */
  private boolean isReading() {
    return readers.busy() > gate.waiting();
  }

  /** Tells, for a person, what has to happen before uploads go on, if they do not. */
  @Nullable String waitsFor() {
    if (uploads.isEmpty()) {
      return null;
    }
    Optional<String> pause = services.pause();
    if (pause.isPresent()) {
      return pause.get();
    }
    return gate.waiting() == 0
        ? null
        : String.format(
            Locale.ROOT, "%.1f GB wait in Kafka to be stored", gate.backlogBytes() / GIGABYTE);
  }
}
