package io.castore.pipeline.streams;

import io.castore.proto.state.RecordPosition;
import org.apache.kafka.streams.processor.api.RecordMetadata;

/** Makes what the state stores keep of a record's place in its topic. */
public final class RecordPositions {
  private RecordPositions() {}

  /** The place of a record that is being processed. */
  public static RecordPosition of(RecordMetadata at) {
    return RecordPosition.newBuilder()
        .setTopic(at.topic())
        .setPartition(at.partition())
        .setOffset(at.offset())
        .build();
  }
}
