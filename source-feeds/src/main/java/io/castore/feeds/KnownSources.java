package io.castore.feeds;

import com.google.protobuf.UnsafeByteOperations;
import io.castore.content.digest.Digest;
import io.castore.pipeline.config.CastoreConfig;
import io.castore.pipeline.sources.SourceCatalogue;
import io.castore.pipeline.sources.UnchangedVersion;
import io.castore.proto.pipeline.SourceEntry;
import io.castore.proto.pipeline.SourceVersion;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Which version of each source is in the store already: what the topic {@code sources} says, and
 * what was completed here since it was read. Of the latter, only the newest are kept in memory; the
 * rest is read from the topic again.
 *
 * <p>Safe for use by many threads.
 */
public final class KnownSources implements AutoCloseable {
  private static final int MOST_DONE = 65_536;

  private final SourceCatalogue catalogue;
  private final Map<String, SourceEntry> done =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, SourceEntry> eldest) {
          return size() > MOST_DONE;
        }
      };

  private boolean closed;

  private KnownSources(CastoreConfig config, Path scratchParent) throws IOException {
    catalogue = SourceCatalogue.read(config, scratchParent);
  }

  /**
   * Reads what there is.
   *
   * @param scratchParent directory for what has no place in memory
   * @throws IOException if that directory cannot be used
   * @throws org.apache.kafka.common.KafkaException if Kafka cannot be used
   */
  public static KnownSources read(CastoreConfig config, Path scratchParent) throws IOException {
    return new KnownSources(config, scratchParent);
  }

  /**
   * A version of a source.
   *
   * @param dropped whether its blob was dropped, or is in a store that the topics served before, so
   *     that it has to be read to be there again
   */
  public record Known(SourceVersion version, boolean dropped) {}

  /**
   * Gives the newest version of a source that is known, if there is one.
   *
   * @throws IllegalStateException if this was closed
   */
  public synchronized Optional<Known> find(String source) throws IOException {
    Optional<SourceEntry> entry = newest(source);
    return entry.isPresent() && entry.get().hasVersion()
        ? Optional.of(new Known(entry.get().getVersion(), !catalogue.isHere(entry.get())))
        : Optional.empty();
  }

  private Optional<SourceEntry> newest(String source) throws IOException {
    requireOpen();
    Optional<SourceEntry> entry = catalogue.find(source);
    SourceEntry here = done.get(source);
    return here != null && (entry.isEmpty() || entry.get().getOpenedAtMs() <= here.getOpenedAtMs())
        ? Optional.of(here)
        : entry;
  }

  /** Tells whether a source is in the store as it was seen. */
  public boolean isUnchanged(String source, SourceVersion seen) throws IOException {
    return findUnchanged(source, seen).isPresent();
  }

  /**
   * Gives what was ingested of a source, where it is in the store as it was seen.
   *
   * @throws IllegalStateException if this was closed
   */
  public synchronized Optional<SourceEntry> findUnchanged(String source, SourceVersion seen)
      throws IOException {
    Optional<SourceEntry> entry = newest(source);
    return entry.isPresent()
            && UnchangedVersion.isSame(entry.get().getVersion(), seen)
            && catalogue.isHere(entry.get())
        ? entry
        : Optional.empty();
  }

  /** Notes that a version was completed now. */
  public void complete(String source, SourceVersion version, Digest blob) {
    long now = System.currentTimeMillis();
    complete(source, version, blob, now, now);
  }

  /**
   * Notes that a version was completed, unless a newer one was.
   *
   * @param openedAtMs when its upload was opened
   * @param completedAtMs when that was complete
   */
  public synchronized void complete(
      String source, SourceVersion version, Digest blob, long openedAtMs, long completedAtMs) {
    SourceEntry here = done.get(source);
    if (here == null || here.getOpenedAtMs() <= openedAtMs) {
      done.remove(source);
      done.put(
          source,
          SourceEntry.newBuilder()
              .setVersion(version)
              .setBlobDigest(UnsafeByteOperations.unsafeWrap(blob.toBytes()))
              .setOpenedAtMs(openedAtMs)
              .setCompletedAtMs(completedAtMs)
              .build());
    }
  }

  /** Reads what has come to the topic since, also from others, and what was dropped. */
  public synchronized void refresh() throws IOException {
    requireOpen();
    long unused = catalogue.refresh();
    Iterator<Map.Entry<String, SourceEntry>> entries = done.entrySet().iterator();
    while (entries.hasNext()) {
      Map.Entry<String, SourceEntry> here = entries.next();
      Optional<SourceEntry> told = catalogue.find(here.getKey());
      if (told.isPresent() && told.get().getVersion().equals(here.getValue().getVersion())) {
        entries.remove();
      }
    }
  }

  /** What lies on disk must not be asked for once it is closed: that would end the process. */
  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("what is known of sources was closed");
    }
  }

  /** Gives the disk space back. A second call does nothing. */
  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      catalogue.close();
    }
  }
}
