package io.castore.pipeline.records;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import io.castore.content.digest.Digest;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.jspecify.annotations.Nullable;

/**
 * How keys and values become bytes in the topics and in the state stores. All of these are
 * stateless and so safe for use by many threads. They read null as null, and throw {@link
 * SerializationException} for bytes that cannot be what they should.
 */
public final class RecordSerdes {
  private RecordSerdes() {}

  /** A digest as its 32 bytes. */
  public static Serde<Digest> digest() {
    return Serdes.serdeFrom(
        (topic, digest) -> digest == null ? null : digest.toBytes(),
        (topic, bytes) -> bytes == null ? null : orSerializationException(() -> Digest.of(bytes)));
  }

  /** An upload id as its 16 bytes. */
  public static Serde<UploadId> uploadId() {
    return Serdes.serdeFrom(
        (topic, id) -> id == null ? null : id.toBytes(),
        (topic, bytes) ->
            bytes == null ? null : orSerializationException(() -> UploadId.of(bytes)));
  }

  /** A protobuf message in its wire format. */
  public static <M extends MessageLite> Serde<M> message(Parser<M> parser) {
    return Serdes.serdeFrom(
        (topic, message) -> message == null ? null : message.toByteArray(),
        (topic, bytes) -> bytes == null ? null : parse(parser, topic, bytes));
  }

  private static <M extends MessageLite> M parse(Parser<M> parser, String topic, byte[] bytes) {
    try {
      return parser.parseFrom(bytes);
    } catch (InvalidProtocolBufferException unparsable) {
      throw new SerializationException(
          "unparsable value in " + topic + ": " + unparsable.getMessage(), unparsable);
    }
  }

  private interface Read<T> {
    @Nullable T get();
  }

  private static <T> @Nullable T orSerializationException(Read<T> read) {
    try {
      return read.get();
    } catch (IllegalArgumentException invalid) {
      throw new SerializationException(invalid.getMessage(), invalid);
    }
  }
}
