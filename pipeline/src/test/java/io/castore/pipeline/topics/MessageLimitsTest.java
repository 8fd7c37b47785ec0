package io.castore.pipeline.topics;

import static org.assertj.core.api.Assertions.assertThat;

import io.castore.content.chunking.ChunkSizes;
import io.castore.content.codec.ChunkCodec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class MessageLimitsTest {
  private static final int KIB = 1024;
  private static final int MIB = 1024 * KIB;

  /** What a record holds beside the chunk, with room to spare. */
  private static final int ENVELOPE_BYTES = 4 * KIB;

  @Test
  void shouldGiveTheDocumentedSizesForChunksOfTheDefaultSize() {
    MessageLimits limits = new MessageLimits(ChunkSizes.DEFAULT.maxBytes());

    assertThat(limits.largestChunkBytes()).isEqualTo(512 * KIB);
    assertThat(limits.topicMaxMessageBytes()).isEqualTo(2 * MIB);
    assertThat(limits.deadLetterMaxMessageBytes()).isEqualTo(3 * MIB);
    assertThat(limits.producerMaxRequestBytes()).isEqualTo(4 * MIB);
    assertThat(limits.producerBatchBytes()).isEqualTo(640 * KIB);
    assertThat(limits.consumerFetchBytes()).isEqualTo(8 * MIB);
  }

  @ParameterizedTest
  @ValueSource(ints = {ChunkSizes.MIN_AVERAGE_BYTES, 8 * KIB, 256 * KIB, 2 * MIB})
  void shouldLeaveRoomForTheLargestFrameOfEveryChunkSize(int averageBytes) {
    int largest = new ChunkSizes(averageBytes).maxBytes();
    MessageLimits limits = new MessageLimits(largest);
    int largestRecord = ChunkCodec.maxFrameSize(largest) + ENVELOPE_BYTES;

    assertThat(limits.topicMaxMessageBytes()).isGreaterThan(largestRecord);
    assertThat(limits.deadLetterMaxMessageBytes())
        .isGreaterThan(limits.topicMaxMessageBytes() + ENVELOPE_BYTES);
    assertThat(limits.producerMaxRequestBytes()).isGreaterThan(limits.deadLetterMaxMessageBytes());
    assertThat(limits.producerBatchBytes())
        .isGreaterThanOrEqualTo(largestRecord - ENVELOPE_BYTES)
        .isLessThan(limits.topicMaxMessageBytes());
  }

  @Test
  void shouldLetManySmallChunksShareARequest() {
    assertThat(new MessageLimits(1 * KIB).producerBatchBytes()).isEqualTo(16 * KIB);
  }
}
