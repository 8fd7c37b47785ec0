package io.castore.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.castore.proto.pipeline.UploadEvent.PartitionRange;
import io.castore.proto.pipeline.UploadEvent.Sealed;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class SentChunksTest {
  private static final Sealed CONTENT = Sealed.newBuilder().setSize(7).setChunkCount(3).build();

  private final List<Sealed> sealed = new ArrayList<>();
  private final SentChunks chunks = new SentChunks(sealed::add);

  @Test
  void shouldTellTheRangesWhenAllHasArrived() {
    send(4);
    chunks.arrived(1, 20);
    chunks.arrived(0, 5);
    chunks.readToEnd(CONTENT);
    chunks.arrived(1, 24);
    assertThat(sealed).isEmpty();

    chunks.arrived(1, 22);

    assertThat(sealed)
        .containsExactly(
            CONTENT.toBuilder()
                .addChunkRecords(range(0, 5, 6))
                .addChunkRecords(range(1, 20, 25))
                .build());
    assertThat(chunks.count()).isEqualTo(4);
  }

  @Test
  void shouldWaitForTheEndOfTheSource() {
    send(1);
    chunks.arrived(0, 0);
    assertThat(sealed).isEmpty();

    chunks.readToEnd(CONTENT);

    assertThat(sealed).containsExactly(CONTENT.toBuilder().addChunkRecords(range(0, 0, 1)).build());
  }

  @Test
  void shouldTellOfASourceWithoutChunksAtOnce() {
    chunks.readToEnd(Sealed.getDefaultInstance());

    assertThat(sealed).containsExactly(Sealed.getDefaultInstance());
  }

  @Test
  void shouldTellNoRangesWhereOneIsNotKnown() {
    send(2);
    chunks.arrived(0, 3);
    chunks.arrived(0, -1);

    chunks.readToEnd(CONTENT);

    assertThat(sealed).containsExactly(CONTENT);
  }

  private void send(int count) {
    for (int i = 0; i < count; i++) {
      chunks.sending();
    }
  }

  private static PartitionRange range(int partition, long first, long end) {
    return PartitionRange.newBuilder()
        .setPartition(partition)
        .setFirstOffset(first)
        .setEndOffset(end)
        .build();
  }
}
