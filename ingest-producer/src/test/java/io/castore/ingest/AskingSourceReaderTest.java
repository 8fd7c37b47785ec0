package io.castore.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.castore.content.chunking.ChunkSizes;
import io.castore.content.chunking.ContentSplitter;
import io.castore.content.codec.ChunkCodec;
import io.castore.content.digest.Blake3;
import io.castore.content.digest.Digest;
import io.castore.pipeline.records.UploadId;
import io.castore.proto.pipeline.ChunkRecord;
import io.castore.proto.pipeline.UploadEvent;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Reads sources as uploads are read that have somebody to ask which chunks are known. */
final class AskingSourceReaderTest {
  private static final ChunkSizes SIZES = new ChunkSizes(131_072);
  private static final UploadId UPLOAD = UploadId.random();
  private static final byte[] CONTENT = MemorySource.bytes(8_000_000, 1);

  /** With no helpers, one thread does all, and in order. */
  private final SourceReader reader =
      new SourceReader(
          SIZES,
          ChunkCodec.DEFAULT_LEVEL,
          Runnable::run,
          0,
          ContentSplitter.DEFAULT_AWAITING_BYTES);

  private final FakeLookup lookup = new FakeLookup();
  private final List<Sent> whole = new ArrayList<>();
  private final List<Sent> sent = new ArrayList<>();
  private UploadEvent.Sealed content = UploadEvent.Sealed.getDefaultInstance();

  private record Sent(Digest digest, ChunkRecord chunk) {
    boolean isReference() {
      return chunk.hasReference();
    }

    boolean isLong() {
      return chunk.getRawSize() >= ReferableChunks.SMALLEST_ASKED_FOR;
    }
  }

  @BeforeEach
  void readWithoutAsking() throws IOException {
    content =
        reader.read(
            new ByteArrayInputStream(CONTENT),
            UPLOAD,
            SourceReader.Referable.of(digest -> false),
            (digest, chunk) -> whole.add(new Sent(digest, chunk)));
  }

  @Test
  void shouldAskAboutManyKnownChunksAtATime() throws IOException {
    whole.forEach(chunk -> lookup.learn(chunk.digest));
    CompletableFuture<Void> go = lookup.holdBack();

    read(() -> go.complete(null));

    List<List<Digest>> expected = new ArrayList<>();
    int cut = cutBeforeTheEndIsRead();
    assertThat(cut).isGreaterThan(3 * MissBackoff.PATIENCE / 2);
    expected.add(List.of(whole.get(0).digest));
    expected.add(digests(whole.subList(1, cut)));
    whole.subList(cut, whole.size()).stream()
        .filter(Sent::isLong)
        .forEach(chunk -> expected.add(List.of(chunk.digest)));
    assertThat(lookup.questions()).containsExactlyElementsOf(expected);
    assertThat(sent).allSatisfy(chunk -> assertThat(chunk.isReference()).isEqualTo(chunk.isLong()));
  }

  @Test
  void shouldSendTheBytesOfWhatIsNotKnownInOrder() throws IOException {
    List<Digest> known = new ArrayList<>();
    for (int i = 0; i < whole.size(); i += 3) {
      known.add(whole.get(i).digest);
    }
    lookup.learn(known.toArray(Digest[]::new));
    CompletableFuture<Void> go = lookup.holdBack();

    read(() -> go.complete(null));

    assertThat(digests(sent)).isEqualTo(digests(whole));
    for (int i = 0; i < sent.size(); i++) {
      boolean reference = known.contains(sent.get(i).digest) && sent.get(i).isLong();
      assertThat(sent.get(i).isReference()).isEqualTo(reference);
      if (!reference) {
        assertThat(sent.get(i)).isEqualTo(whole.get(i));
      }
    }
  }

  @Test
  void shouldAskAboutAHandfulOfNewChunks() throws IOException {
    CompletableFuture<Void> go = lookup.holdBack();

    read(() -> go.complete(null));

    assertThat(lookup.questions().stream().mapToInt(Collection::size).sum())
        .isBetween(MissBackoff.PATIENCE, MissBackoff.PATIENCE + 4);
    assertThat(sent).isEqualTo(whole);
  }

  @Test
  void shouldSendAllBytesWhereNoAnswerComes() throws IOException {
    whole.forEach(chunk -> lookup.learn(chunk.digest));
    CompletableFuture<Void> unused = lookup.holdBack();

    UploadEvent.Sealed sealed = read(CONTENT, Duration.ofMillis(1), () -> {});

    assertThat(sealed).isEqualTo(content);
    // A second one where it is about to be asked while the first one fails.
    assertThat(lookup.questions()).hasSizeBetween(1, 2);
    assertThat(sent).isEqualTo(whole);
  }

  @Test
  void shouldSendAllBytesWhereQuestionsFail() throws IOException {
    whole.forEach(chunk -> lookup.learn(chunk.digest));
    CompletableFuture<Void> go = lookup.holdBack();

    read(() -> go.completeExceptionally(new IOException("nobody is there")));

    assertThat(lookup.questions()).containsExactly(List.of(whole.get(0).digest));
    assertThat(sent).isEqualTo(whole);
  }

  @Test
  void shouldAwaitTheAnswerOfASingleChunk() throws IOException {
    byte[] single = MemorySource.bytes(ReferableChunks.SMALLEST_ASKED_FOR, 2);
    lookup.learn(Blake3.hash(single));
    CompletableFuture<Void> go = lookup.holdBack();
    Thread answering = new Thread(() -> go.complete(null));

    UploadEvent.Sealed sealed = read(single, Duration.ofMinutes(1), answering::start);

    assertThat(sealed.getChunkCount()).isEqualTo(1);
    assertThat(sent).singleElement().satisfies(chunk -> assertThat(chunk.isReference()).isTrue());
  }

  private void read(Runnable atEnd) throws IOException {
    assertThat(read(CONTENT, Duration.ofMinutes(1), atEnd)).isEqualTo(content);
  }

  private UploadEvent.Sealed read(byte[] bytes, Duration patience, Runnable atEnd)
      throws IOException {
    // The clock stands still, so that an outage lasts.
    ReferableChunks referable =
        new ReferableChunks(new KnownDigests(0), Optional.of(lookup), patience, () -> 0);
    return reader.read(
        new Told(bytes, atEnd),
        UPLOAD,
        referable.ofUpload(),
        (digest, chunk) -> sent.add(new Sent(digest, chunk)));
  }

  /** Gives how many chunks can be told from what follows them before the source has ended. */
  private int cutBeforeTheEndIsRead() {
    int left = CONTENT.length;
    int chunks = 0;
    while (left >= SIZES.maxBytes()) {
      left -= whole.get(chunks++).chunk.getRawSize();
    }
    return chunks;
  }

  private static List<Digest> digests(List<Sent> chunks) {
    return chunks.stream().map(Sent::digest).toList();
  }

  /** A source that never has to be waited for, and does something when its end is reached. */
  private static final class Told extends ByteArrayInputStream {
    private final Runnable atEnd;

    Told(byte[] bytes, Runnable atEnd) {
      super(bytes);
      this.atEnd = atEnd;
    }

    @Override
    public synchronized int available() {
      return 1;
    }

    @Override
    public synchronized int read(byte[] target, int offset, int length) {
      int read = super.read(target, offset, length);
      if (read < 0) {
        atEnd.run();
      }
      return read;
    }
  }
}
