package io.castore.query.uploads;

import io.castore.pipeline.config.CastoreConfig;
import io.castore.pipeline.records.UploadId;
import io.castore.pipeline.streams.StreamsApplication;
import io.castore.pipeline.streams.StreamsSettings;
import io.castore.pipeline.topics.Topics;
import io.castore.proto.pipeline.UploadStatus;
import io.castore.query.uploads.RestoredRecords.OutdatedStateException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.consumer.InvalidOffsetException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StoreQueryParameters;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.apache.kafka.streams.state.QueryableStoreTypes;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The status of every upload, at hand in this process: the topic of statuses, kept in {@code
 * state.dir}. A new one reads the whole topic; one that was there before goes on where it was. It
 * belongs to no consumer group, and leaves no trace in Kafka.
 *
 * <p>Safe for use by many threads.
 */
public final class UploadDirectory implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(UploadDirectory.class);
  private static final String NOUN = "uploads";
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(30);
  private static final Duration START_TIMEOUT = Duration.ofSeconds(5);

  private final CastoreConfig config;
  private final StreamsApplication application;
  private final UploadChanges changes = new UploadChanges();
  private final UploadTimelines timelines = new UploadTimelines();
  private final UploadCount count = new UploadCount();
  private final RestoredRecords restored = new RestoredRecords();
  private final CompletableFuture<Throwable> failure = new CompletableFuture<>();

  private volatile KafkaStreams streams;
  private final AtomicBoolean tookInAnew = new AtomicBoolean();
  private @Nullable Thread starter;
  private volatile boolean ready;
  private volatile boolean closing;
  private volatile boolean abandoned;

  private UploadDirectory(CastoreConfig config, String storeId) {
    this.config = config;
    this.application = application(config.topics(), storeId);
    this.streams = newStreams();
  }

  /** How the topology is named for a store. */
  static StreamsApplication application(Topics topics, String storeId) {
    return StreamsApplication.of(topics, NOUN, storeId, topics.uploadStatus());
  }

  /**
   * Starts to take statuses in, and returns at once; see {@link #isReady}. The topic has to exist.
   *
   * @param storeId identity of the store that the uploads go to
   * @throws KafkaException if the settings are wrong, or another process uses the directory of the
   *     state
   */
  public static UploadDirectory start(CastoreConfig config, String storeId) {
    UploadDirectory directory = new UploadDirectory(config, storeId);
    directory.inBackground(directory::takeIn);
    return directory;
  }

  private synchronized void inBackground(Runnable task) {
    if (closing) {
      return;
    }
    starter = new Thread(task, "uploads-start");
    starter.setDaemon(true);
    starter.start();
  }

  private KafkaStreams newStreams() {
    Properties settings = StreamsSettings.of(config, application, 1);
    KafkaStreams made =
        new KafkaStreams(UploadTopology.build(config.topics(), this::changed), settings);
    made.setGlobalStateRestoreListener(restored);
    made.setUncaughtExceptionHandler(
        error -> {
          handle(error);
          return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
        });
    return made;
  }

  /** Kafka Streams has started only when it has read all that is there: in minutes, at worst. */
  private void takeIn() {
    try {
      streams.start();
      log.info("The status of uploads is at hand; records read for it: {}", restored.records());
      ready = true;
    } catch (RuntimeException failed) {
      handle(failed);
    }
  }

  /** Deletes what was kept. Kafka Streams cannot start a second time, so another one does. */
  private void takeInAnew() {
    streams.close(CLOSE_TIMEOUT);
    try {
      synchronized (this) {
        if (closing) {
          return;
        }
        streams = newStreams();
      }
      streams.cleanUp();
    } catch (RuntimeException failed) {
      handle(failed);
      return;
    }
    takeIn();
  }

  private void handle(Throwable error) {
    if (closing) {
      return;
    }
    if (isOutdated(error) && tookInAnew.compareAndSet(false, true)) {
      ready = false;
      log.warn("The status of uploads is read anew: what was kept of it is of another topic");
      inBackground(this::takeInAnew);
    } else {
      fail(error);
    }
  }

  private static boolean isOutdated(Throwable error) {
    return error.getCause() instanceof InvalidOffsetException
        || error.getCause() instanceof OutdatedStateException;
  }

  private void changed(UploadId id, UploadStatus status) {
    if (abandoned && !ready) {
      // Nothing else ends the reading of what is there.
      throw new KafkaException("the service stops");
    }
    timelines.add(id, status);
    changes.tell(id, status);
  }

  private void fail(Throwable error) {
    Throwable cause = error;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    log.error("The status of uploads is not kept up any more: {}", cause.toString());
    log.debug("The status of uploads is not kept up any more", error);
    failure.complete(cause);
  }

  /** Whether uploads can be asked for: all that was there at the start has been read. */
  public boolean isReady() {
    return ready && !closing && streams.state() == KafkaStreams.State.RUNNING;
  }

  /** Is completed with the reason, should it end without {@link #close} being called. */
  public CompletableFuture<Throwable> failure() {
    return failure;
  }

  /** Gives what Kafka's clients tell of themselves now. */
  public Map<MetricName, ? extends Metric> metrics() {
    return streams.metrics();
  }

  /** How many records were read until it was ready. */
  long recordsReadAtStart() {
    return restored.records();
  }

  /** What becomes of uploads from now on. */
  UploadChanges changes() {
    return changes;
  }

  /**
   * Looks an upload up. Reads from disk.
   *
   * @return its status, or empty where no such upload is known
   */
  Optional<UploadStatus> find(UploadId id) throws UploadsUnavailableException {
    try {
      return Optional.ofNullable(store().get(id));
    } catch (InvalidStateStoreException closed) {
      throw new UploadsUnavailableException(closed);
    }
  }

  /** Lists uploads. Reads from disk. */
  UploadPage list(UploadQuery query) throws UploadsUnavailableException {
    try {
      return UploadPages.DEFAULT.read(store(), query);
    } catch (InvalidStateStoreException closed) {
      throw new UploadsUnavailableException(closed);
    }
  }

  /** Tells when an upload came to its status. */
  UploadTimeline timeline(Upload upload) {
    return timelines.of(upload);
  }

  /**
   * Counts the uploads, about as often as once a second, or more seldom where they are many. Reads
   * from disk.
   */
  public CountedUploads count() throws UploadsUnavailableException {
    try {
      return count.of(store());
    } catch (InvalidStateStoreException closed) {
      throw new UploadsUnavailableException(closed);
    }
  }

  /**
   * Gives the blobs of the newest uploads that are complete. Reads from disk, and looks at some
   * thousand uploads at most.
   *
   * @param most blobs
   */
  public KnownBlobs newestBlobs(int most) throws UploadsUnavailableException {
    try {
      return NewestBlobs.read(store(), most);
    } catch (InvalidStateStoreException closed) {
      throw new UploadsUnavailableException(closed);
    }
  }

  private ReadOnlyKeyValueStore<UploadId, UploadStatus> store() throws UploadsUnavailableException {
    if (!isReady()) {
      throw new UploadsUnavailableException(null);
    }
    return streams.store(
        StoreQueryParameters.fromNameAndType(
            UploadTopology.UPLOADS, QueryableStoreTypes.keyValueStore()));
  }

  /**
   * Ends the streams of changes, notes how far it has read, and stops, within 40 seconds. Close
   * what asks it before.
   */
  @Override
  public void close() {
    Thread starting;
    synchronized (this) {
      closing = true;
      starting = starter;
    }
    changes.end();
    if (starting != null) {
      endOf(starting);
    }
    abandoned = true;
    if (!streams.close(CLOSE_TIMEOUT)) {
      log.warn(
          "Keeping the status of uploads did not stop in {} s; what it had not noted is read again",
          CLOSE_TIMEOUT.toSeconds());
    }
  }

  /** Kafka Streams does not close while another thread starts it, however long that takes. */
  private static void endOf(Thread starting) {
    starting.interrupt();
    try {
      starting.join(START_TIMEOUT.toMillis());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
