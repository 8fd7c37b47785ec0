package io.castore.cli.system;

import io.castore.blobs.Blobs;
import io.castore.blobs.StoreBlobs;
import io.castore.content.blob.BlobReader;
import io.castore.content.objectstore.ObjectStore;
import io.castore.content.objectstore.ObjectStores;
import io.castore.content.reading.ReadLimits;
import io.castore.pipeline.config.CastoreConfig;
import io.castore.pipeline.config.InvalidConfigException;
import java.util.Map;
import java.util.Optional;

/**
 * The store of commands that read it alone, which need neither Kafka nor the data directory's lock.
 *
 * @param store closed with this
 * @param blobs what is in it; closed with this
 */
public record ReadStore(ObjectStore store, Blobs blobs) implements AutoCloseable {
  private static final long LONGEST_LIST_BYTES = 40L * BlobReader.DEFAULT_MAX_CHUNKS;

  /**
   * Opens the named store, or else that of the process that serves the data directory, or else the
   * directory's own.
   */
  public static ReadStore open(CastoreConfig config) throws InvalidConfigException {
    ObjectStore store = locate(config);
    return new ReadStore(store, StoreBlobs.reading(store, limits(config.reads())));
  }

  /** Opens the same store for one who reads its objects. The caller closes it. */
  public static ObjectStore locate(CastoreConfig config) throws InvalidConfigException {
    Optional<Holder> serving =
        config.namesStore()
            ? Optional.empty()
            : Holder.read(config.dataDir()).filter(Holder::isAlive).filter(Holder::shares);
    CastoreConfig located =
        serving.isPresent() ? config.with(Map.of("store.url", serving.get().store())) : config;
    return ObjectStores.open(located.storeUrl(), located.s3());
  }

  /** A command reads for one person, who may have the longest list that there is. */
  private static ReadLimits limits(ReadLimits ofService) {
    return new ReadLimits(
        ofService.chunkCacheBytes(),
        Math.max(ofService.listCacheBytes(), LONGEST_LIST_BYTES),
        ofService.readMemoryBytes(),
        ofService.readAheadChunks(),
        ofService.threads(),
        ofService.patience());
  }

  @Override
  public void close() {
    blobs.close();
    store.close();
  }
}
