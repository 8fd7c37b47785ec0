package io.castore.chunker;

import io.castore.content.codec.ChunkCodec;
import java.time.Duration;

/**
 * Where chunks go, and how.
 *
 * @param storeId identity of the store, which the receipts carry
 * @param codec compresses the chunks that come raw
 * @param puts carries chunks to the store, for all tasks of the process
 * @param timeout how long a task waits for the store at a time; longer than a request with all its
 *     attempts
 */
record StoreTarget(String storeId, ChunkCodec codec, PutPool puts, Duration timeout) {}
