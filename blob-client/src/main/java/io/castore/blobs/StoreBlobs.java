package io.castore.blobs;

import io.castore.content.digest.Digest;
import io.castore.content.layout.ChunkList;
import io.castore.content.objectstore.ObjectReader;
import io.castore.content.reading.BlobStat;
import io.castore.content.reading.CachedBlobs;
import io.castore.content.reading.ReadLimits;
import io.castore.ingest.PushedUpload;
import io.castore.ingest.PushedUploads;
import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Blobs straight from a store, without a service between, and into it through the pipeline. Holds
 * the caches and threads that {@link ReadLimits} allow.
 *
 * <p>Safe for use by many threads.
 */
public final class StoreBlobs implements Blobs {
  /** The source that uploads are listed under, where no other was named. */
  private static final String SOURCE = "java:io.castore.blobs";

  /** Longer than a store, or a pipeline that gives up by itself, is asked again. */
  private static final Duration PATIENCE = Duration.ofMinutes(30);

  private final CachedBlobs blobs;
  private final @Nullable PushedUploads uploads;
  private final OpenSinks sinks = new OpenSinks();

  private StoreBlobs(CachedBlobs blobs, @Nullable PushedUploads uploads) {
    this.blobs = blobs;
    this.uploads = uploads;
  }

  /**
   * Opens a store for reading alone, which needs no Kafka.
   *
   * @param store not closed with this
   */
  public static StoreBlobs reading(ObjectReader store, ReadLimits limits) {
    return new StoreBlobs(CachedBlobs.open(store, limits), null);
  }

  /**
   * Opens a store for reading, and the pipeline that fills this very store for writing.
   *
   * @param store not closed with this
   * @param uploads not closed with this
   */
  public static StoreBlobs readingAndWriting(
      ObjectReader store, ReadLimits limits, PushedUploads uploads) {
    return new StoreBlobs(CachedBlobs.open(store, limits), uploads);
  }

  @Override
  public boolean has(Digest digest) throws IOException {
    BlobStat stat =
        Await.result(blobs.stat(digest), PATIENCE, "the store to tell of blob " + digest);
    return !(stat instanceof BlobStat.Absent);
  }

  @Override
  public Optional<SeekableByteChannel> openRead(Digest digest) throws IOException {
    return chunks(digest).map(blob -> new BlobChannel(blob, new FlowChunks(blobs, blob, PATIENCE)));
  }

  /**
   * {@inheritDoc}
   *
   * @throws ServiceUnavailableException if as many uploads are under way as may
   * @throws UnsupportedOperationException if this was opened for reading alone
   */
  @Override
  public BlobWriter openWrite() throws IOException {
    if (uploads == null) {
      throw new UnsupportedOperationException("opened for reading alone");
    }
    PushedUpload upload =
        uploads
            .begin(SOURCE, Optional.empty())
            .orElseThrow(
                () ->
                    new ServiceUnavailableException(
                        "as many uploads are under way as may (server.max.uploads)", null));
    return sinks.upload(new PushedSink(upload, PATIENCE));
  }

  @Override
  public Optional<ChunkList> chunks(Digest digest) throws IOException {
    return Await.result(blobs.find(digest), PATIENCE, "the store to tell of blob " + digest);
  }

  @Override
  public void close() {
    sinks.close();
    blobs.close();
  }
}
