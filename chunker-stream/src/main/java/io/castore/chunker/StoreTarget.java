package io.castore.chunker;

import io.castore.content.codec.ChunkCodec;
import io.castore.pipeline.telemetry.Tracing;
import java.time.Duration;

/**
 * Where chunks go, and how.
 *
 * @param storeId identity of the store, which the receipts carry
 * @param codec compresses the chunks that come raw
 * @param puts carries chunks to the store, for all tasks of the process
 * @param timeout how long a task waits for the store at a time; longer than a request with all its
 *     attempts
 * @param contact for how long a task may take itself for the owner of its digests after it got
 *     records: no object is removed later
 * @param meters count for all tasks of the process
 * @param tracing follows uploads
 */
record StoreTarget(
    String storeId,
    ChunkCodec codec,
    PutPool puts,
    Duration timeout,
    Duration contact,
    ChunkerMeters meters,
    Tracing tracing) {}
