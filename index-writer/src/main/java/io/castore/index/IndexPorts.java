package io.castore.index;

import io.castore.content.objectstore.ObjectStore;
import io.castore.pipeline.telemetry.Tracing;
import java.time.Duration;

/**
 * What the tasks of the topology work with besides their stores, all of them together.
 *
 * @param storeId identity of the store: receipts for others do not count
 * @param expiry after how long a silence an upload ends as EXPIRED
 * @param publisher writes to that store
 * @param workers threads for calls to the store
 * @param storedOffsets how far the chunker has come
 * @param chunkReplay what the chunker has read
 * @param meters count for all tasks of the process
 * @param tracing follows uploads
 */
record IndexPorts(
    String storeId,
    Duration expiry,
    BlobPublisher publisher,
    StoreWorkers workers,
    StoredOffsets storedOffsets,
    ChunkReplay chunkReplay,
    UploadMeters meters,
    Tracing tracing) {
  IndexPorts(
      ObjectStore store,
      String storeId,
      Duration expiry,
      StoreWorkers workers,
      StoredOffsets storedOffsets,
      ChunkReplay chunkReplay,
      UploadMeters meters,
      Tracing tracing) {
    this(
        storeId,
        expiry,
        new BlobPublisher(store),
        workers,
        storedOffsets,
        chunkReplay,
        meters,
        tracing);
  }
}
