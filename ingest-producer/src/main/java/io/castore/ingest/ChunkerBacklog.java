package io.castore.ingest;

import io.castore.pipeline.cluster.ChunkBacklog;
import io.castore.pipeline.cluster.StateOwners;
import io.castore.pipeline.config.CastoreConfig;
import io.castore.pipeline.streams.ChunkerGroup;
import java.util.OptionalLong;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The backlog of the chunker, whichever store that works for. Nothing is known before there ever
 * was a chunker, nor in the first second, so that a short ingest does not pay for what it does not
 * need.
 *
 * <p>Safe for use by many threads.
 */
final class ChunkerBacklog implements BacklogSource {
  private static final Logger log = LoggerFactory.getLogger(ChunkerBacklog.class);
  private static final int FIRST_LOOK_SECONDS = 1;
  private static final int LOOK_AGAIN_SECONDS = 30;

  private final CastoreConfig config;
  private final ScheduledExecutorService looking =
      Executors.newSingleThreadScheduledExecutor(DaemonThreads.named("chunker-backlog"));
  private @Nullable String storeId;
  private @Nullable ChunkBacklog backlog;
  private boolean closed;

  private ChunkerBacklog(CastoreConfig config) {
    this.config = config;
  }

  /** Begins to watch, in the background. */
  static ChunkerBacklog watch(CastoreConfig config) {
    ChunkerBacklog watching = new ChunkerBacklog(config);
    ScheduledFuture<?> unused =
        watching.looking.scheduleWithFixedDelay(
            watching::look, FIRST_LOOK_SECONDS, LOOK_AGAIN_SECONDS, TimeUnit.SECONDS);
    return watching;
  }

  /** Finds out who the chunker is; the state may be given to another store at any time. */
  private void look() {
    try {
      String owner = new StateOwners(config).owner().orElse(null);
      if (owner != null && !owner.equals(known())) {
        String group = ChunkerGroup.application(config.topics(), owner).id();
        become(owner, ChunkBacklog.watch(config, group));
      }
    } catch (KafkaException unusable) {
      log.debug("It cannot be found out how much waits to be stored", unusable);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized @Nullable String known() {
    return storeId;
  }

  private void become(String owner, ChunkBacklog watched) {
    ChunkBacklog former;
    synchronized (this) {
      former = closed ? watched : backlog;
      if (!closed) {
        storeId = owner;
        backlog = watched;
      }
    }
    if (former != null) {
      former.close();
    }
  }

  @Override
  public synchronized OptionalLong bytes() {
    ChunkBacklog watched = backlog;
    return watched == null ? OptionalLong.empty() : OptionalLong.of(watched.size().bytes());
  }

  @Override
  public void close() {
    looking.shutdownNow();
    ChunkBacklog last;
    synchronized (this) {
      closed = true;
      last = backlog;
      backlog = null;
    }
    if (last != null) {
      last.close();
    }
  }
}
