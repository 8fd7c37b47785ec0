package io.castore.index;

import io.castore.pipeline.telemetry.Tracing;
import java.time.Duration;

/**
 * What the tasks of the topology work with besides their stores, all of them together.
 *
 * @param publisher writes to the store
 * @param storeId identity of that store: receipts for others do not count
 * @param expiry after how long a silence an upload ends as EXPIRED
 * @param workers threads for calls to the store
 * @param storedOffsets how far the chunker has come
 * @param chunkReplay what the chunker has read
 * @param meters count for all tasks of the process
 * @param tracing follows uploads
 */
record IndexPorts(
    BlobPublisher publisher,
    String storeId,
    Duration expiry,
    StoreWorkers workers,
    StoredOffsets storedOffsets,
    ChunkReplay chunkReplay,
    UploadMeters meters,
    Tracing tracing) {}
