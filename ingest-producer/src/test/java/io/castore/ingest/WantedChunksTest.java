package io.castore.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.castore.proto.pipeline.UploadEvent.Sealed;
import java.util.BitSet;
import java.util.List;
import org.junit.jupiter.api.Test;

final class WantedChunksTest {
  private static final Sealed CONTENT = Sealed.newBuilder().setChunkCount(10).build();

  private int calls;
  private final WantedChunks wanted = new WantedChunks(3, () -> calls++);

  @Test
  void shouldWaitForTheEndOfTheSource() {
    wanted.add(List.of(1L), 2);
    assertThat(calls).isZero();
    assertThat(wanted.take()).isNull();

    wanted.readToEnd(CONTENT);

    assertThat(calls).isOne();
    assertThat(wanted.take()).isEqualTo(batch(1));
  }

  @Test
  void shouldGiveSeveralPagesTogether() {
    wanted.readToEnd(CONTENT);
    wanted.add(List.of(4L, 1L), 10);
    wanted.add(List.of(1L, 9L), 10);

    assertThat(calls).isOne();
    assertThat(wanted.take()).isEqualTo(batch(1, 4, 9));
    assertThat(wanted.take()).isNull();
  }

  @Test
  void shouldCallAgainForWhatIsLeftWhenTheTakerIsDone() {
    wanted.readToEnd(CONTENT);
    wanted.add(List.of(0L, 1L, 2L, 3L), 10);
    assertThat(wanted.take()).isEqualTo(batch(0, 1, 2));
    wanted.add(List.of(8L), 10);
    assertThat(calls).isOne();

    wanted.release();

    assertThat(calls).isEqualTo(2);
    assertThat(wanted.take()).isEqualTo(batch(3, 8));
    wanted.release();
    assertThat(calls).isEqualTo(2);
  }

  @Test
  void shouldLeaveOutWhatWasNeverSent() {
    wanted.readToEnd(CONTENT);

    wanted.add(List.of(-1L, 10L, Long.MAX_VALUE, 1L << 32), 10);

    assertThat(calls).isZero();
    assertThat(wanted.take()).isNull();
  }

  private static WantedChunks.Batch batch(int... seqs) {
    BitSet bits = new BitSet();
    for (int seq : seqs) {
      bits.set(seq);
    }
    return new WantedChunks.Batch(bits, CONTENT);
  }
}
