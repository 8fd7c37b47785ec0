package io.castore.chunker;

import io.castore.content.digest.Digest;
import io.castore.pipeline.records.UploadId;
import io.castore.proto.pipeline.ChunkRecord;

/**
 * A record that is one chunk of one upload.
 *
 * @param digest its key
 * @param upload the upload that it belongs to
 * @param record its value
 * @param timestamp its time, in milliseconds since 1970
 */
record ReceivedChunk(Digest digest, UploadId upload, ChunkRecord record, long timestamp)
    implements Received {}
