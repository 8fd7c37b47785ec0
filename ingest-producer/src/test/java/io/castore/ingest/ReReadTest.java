package io.castore.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

import io.castore.content.chunking.ChunkSizes;
import io.castore.content.codec.ChunkCodec;
import io.castore.pipeline.records.UploadId;
import io.castore.proto.pipeline.ChunkRecord;
import io.castore.proto.pipeline.UploadEvent.Sealed;
import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.ForkJoinPool;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class ReReadTest {
  private static final UploadId UPLOAD = UploadId.random();
  private static final byte[] CONTENT = MemorySource.bytes(20_000, 1);

  private final SourceReader reader =
      new SourceReader(
          new ChunkSizes(1024), ChunkCodec.DEFAULT_LEVEL, ForkJoinPool.commonPool(), 1, 0);
  private final MemorySource source = new MemorySource(CONTENT);
  private final List<ChunkRecord> first = new ArrayList<>();
  private final List<ChunkRecord> again = new ArrayList<>();
  private Sealed content = Sealed.getDefaultInstance();

  @BeforeEach
  void readOnce() throws IOException {
    content =
        reader.read(
            source.open(),
            UPLOAD,
            SourceReader.Referable.of(digest -> false),
            (digest, chunk) -> first.add(chunk));
  }

  @Test
  void shouldGiveWhatIsWantedWithItsBytes() throws IOException {
    send(0, 3, first.size() - 1);

    assertThat(again).containsExactly(first.get(0), first.get(3), first.get(first.size() - 1));
  }

  @Test
  void shouldGiveTheSameBytesInTwoPlaces() throws IOException {
    source.become(new byte[10_000]);
    first.clear();
    readOnce();

    send(1);

    assertThat(again).containsExactly(first.get(1));
  }

  @Test
  void shouldGiveNothingOfWhatHasChanged() {
    byte[] other = CONTENT.clone();
    other[other.length - 1]++;
    source.become(other);

    assertThatExceptionOfType(SourceChangedException.class)
        .isThrownBy(() -> send(0))
        .withMessage("its content is another");
    assertThat(again).isEmpty();
  }

  @Test
  void shouldGiveNothingThatChangesBetweenTheReads() {
    byte[] other = CONTENT.clone();
    other[0]++;
    int reads = source.opened();
    BacklogGate.Check changing =
        () -> {
          if (source.opened() == reads + 1) {
            source.become(other);
          }
        };

    assertThatExceptionOfType(SourceChangedException.class)
        .isThrownBy(() -> send(changing, 0, 1))
        .withMessage("its content is another");
    assertThat(again).isEmpty();
  }

  @Test
  void shouldTellOfASourceThatEndsBeforeWhatIsWanted() {
    int reads = source.opened();
    BacklogGate.Check changing =
        () -> {
          if (source.opened() == reads + 1) {
            source.become(new byte[0]);
          }
        };

    assertThatExceptionOfType(SourceChangedException.class).isThrownBy(() -> send(changing, 1));
  }

  @Test
  void shouldEndWithWhatItsCheckThrows() {
    assertThatIOException()
        .isThrownBy(
            () ->
                send(
                    () -> {
                      throw new IOException("over");
                    },
                    0))
        .withMessage("over");
  }

  private void send(int... seqs) throws IOException {
    send(() -> {}, seqs);
  }

  private void send(BacklogGate.Check check, int... seqs) throws IOException {
    BitSet wanted = new BitSet();
    for (int seq : seqs) {
      wanted.set(seq);
    }
    new ReRead(source, UPLOAD, reader)
        .send(new WantedChunks.Batch(wanted, content), check, (digest, chunk) -> again.add(chunk));
  }
}
