package io.castore.pipeline.records;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.google.protobuf.ByteString;
import io.castore.content.digest.Blake3;
import io.castore.content.digest.Digest;
import io.castore.proto.pipeline.ChunkRecord;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Serde;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class RecordSerdesTest {
  private static final String TOPIC = "castore.any";

  @Property(tries = 100)
  void shouldGiveBackDigests(@ForAll byte[] content) {
    Digest digest = Blake3.hash(content);

    assertThat(roundTrip(RecordSerdes.digest(), digest)).isEqualTo(digest);
  }

  @Test
  void shouldWriteDigestsAndIdsAsTheirBytes() {
    UploadId id = UploadId.random();

    assertThat(RecordSerdes.digest().serializer().serialize(TOPIC, Digest.EMPTY))
        .isEqualTo(Digest.EMPTY.toBytes());
    assertThat(RecordSerdes.uploadId().serializer().serialize(TOPIC, id)).isEqualTo(id.toBytes());
  }

  @Test
  void shouldGiveBackUploadIds() {
    UploadId id = UploadId.random();

    assertThat(roundTrip(RecordSerdes.uploadId(), id)).isEqualTo(id);
  }

  @Property(tries = 100)
  void shouldGiveBackMessages(@ForAll byte[] content, @ForAll long seq, @ForAll int rawSize) {
    ChunkRecord chunk =
        ChunkRecord.newBuilder()
            .setSeq(seq)
            .setRawSize(rawSize)
            .setRaw(ByteString.copyFrom(content))
            .build();

    assertThat(roundTrip(RecordSerdes.message(ChunkRecord.parser()), chunk)).isEqualTo(chunk);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 31, 33})
  void shouldRefuseDigestsOfOtherLengths(int length) {
    assertThatExceptionOfType(SerializationException.class)
        .isThrownBy(() -> RecordSerdes.digest().deserializer().deserialize(TOPIC, new byte[length]))
        .withMessage("invalid digest length: " + length + " bytes (expected: 32)");
  }

  @Test
  void shouldRefuseUploadIdsOfOtherLengths() {
    assertThatExceptionOfType(SerializationException.class)
        .isThrownBy(() -> RecordSerdes.uploadId().deserializer().deserialize(TOPIC, new byte[3]))
        .withMessage("invalid upload id length: 3 bytes (expected: 16)");
  }

  @Test
  void shouldNameTheTopicOfBytesThatAreNoMessage() {
    byte[] cut =
        ChunkRecord.newBuilder()
            .setRaw(ByteString.copyFromUtf8("abc"))
            .build()
            .toByteString()
            .substring(0, 3)
            .toByteArray();

    assertThatExceptionOfType(SerializationException.class)
        .isThrownBy(
            () -> RecordSerdes.message(ChunkRecord.parser()).deserializer().deserialize(TOPIC, cut))
        .withMessageStartingWith("unparsable value in castore.any: ");
  }

  @Test
  @SuppressWarnings("NullAway") // Kafka hands in null for a record without a value
  void shouldReadAndWriteNullAsNull() {
    for (Serde<?> serde :
        java.util.List.of(
            RecordSerdes.digest(),
            RecordSerdes.uploadId(),
            RecordSerdes.message(ChunkRecord.parser()))) {
      assertThat(serde.serializer().serialize(TOPIC, null)).isNull();
      assertThat((Object) serde.deserializer().deserialize(TOPIC, (byte[]) null)).isNull();
    }
  }

  private static <T> T roundTrip(Serde<T> serde, T value) {
    return serde.deserializer().deserialize(TOPIC, serde.serializer().serialize(TOPIC, value));
  }
}
