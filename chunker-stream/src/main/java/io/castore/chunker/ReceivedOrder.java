package io.castore.chunker;

import io.castore.content.digest.Digest;
import io.castore.proto.pipeline.ChunkRecord;
import io.castore.proto.state.RecordPosition;

/**
 * A record that says what is to be done about a digest: a claim, or to collect, to forget or to
 * restore what the store holds under it.
 *
 * @param digest its key
 * @param record its value
 * @param at where it stands
 * @param timestamp its time, in milliseconds since 1970
 */
record ReceivedOrder(Digest digest, ChunkRecord record, RecordPosition at, long timestamp)
    implements Received {
  long offset() {
    return at.getOffset();
  }
}
