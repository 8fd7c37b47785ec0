package io.castore.chunker;

import io.castore.pipeline.records.UploadId;
import io.castore.proto.pipeline.ChunkReceipt;

/**
 * A receipt that is not sent before its chunk is durable. It is all that is kept of a record that
 * waits.
 *
 * @param timestamp time of the record, in milliseconds since 1970
 */
record PendingReceipt(UploadId upload, ChunkReceipt receipt, long timestamp) {}
