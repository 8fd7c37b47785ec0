package io.castore.content.blob;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.castore.content.chunking.ChunkSizes;
import io.castore.content.chunking.ChunkSplitter;
import io.castore.content.codec.Frames;
import io.castore.content.digest.Blake3;
import io.castore.content.digest.Digest;
import io.castore.content.layout.BlobIndex;
import io.castore.content.layout.BucketLayout;
import io.castore.content.layout.ChunkList;
import io.castore.content.layout.ChunkRef;
import io.castore.content.layout.CorruptObjectException;
import io.castore.content.layout.TooManyChunksException;
import io.castore.proto.castore.StatBlobResponse;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

final class BlobReaderTest {
  private final MapObjects store = new MapObjects();
  private final BlobReader reader = new BlobReader(store);

  @Test
  void shouldAlwaysFindTheEmptyBlob() throws IOException {
    ChunkList empty = reader.find(Digest.EMPTY).orElseThrow();

    assertThat(empty.count()).isZero();
    assertThat(content(empty)).isEmpty();
    assertThat(store.opened()).isEmpty();
  }

  @Test
  void shouldFindNothingWhenTheStoreHasNeitherBlobNorChunk() throws IOException {
    assertThat(reader.find(Blake3.hash(randomBytes(10)))).isEmpty();
  }

  @Test
  void shouldReadABlobOfManyChunks() throws IOException {
    byte[] raw = randomBytes(100_000);
    ChunkList written = store(raw);

    ChunkList found = reader.find(Blake3.hash(raw)).orElseThrow();

    assertThat(found).isEqualTo(written);
    assertThat(found.count()).isGreaterThan(10);
    assertThat(content(found)).isEqualTo(raw);
  }

  @Test
  void shouldReadASingleChunkUnderAZeroByteObject() throws IOException {
    byte[] raw = randomBytes(100);
    Digest digest = Blake3.hash(raw);
    store.with(BucketLayout.blobKey(digest), new byte[0]);
    for (byte[] frame : new byte[][] {Frames.stated(raw), Frames.unstated(raw, 3)}) {
      store.with(BucketLayout.chunkKey(digest), frame);

      assertSingleChunk(raw);
    }
  }

  @Test
  void shouldReadASingleChunkUnderAListOfOne() throws IOException {
    byte[] raw = randomBytes(100);
    Digest digest = Blake3.hash(raw);
    ByteArrayOutputStream entry = new ByteArrayOutputStream();
    BlobIndex.writeEntry(new ChunkRef(digest, raw.length), entry);
    store.with(BucketLayout.blobKey(digest), entry.toByteArray());
    store.with(BucketLayout.chunkKey(digest), Frames.unstated(raw, 3));

    assertSingleChunk(raw);
  }

  @Test
  void shouldReadADigestThatIsOnlyAChunk() throws IOException {
    byte[] raw = randomBytes(100);
    store.with(BucketLayout.chunkKey(Blake3.hash(raw)), Frames.stated(raw));

    assertSingleChunk(raw);
  }

  @Property(tries = 200)
  void shouldReadAnyPartOfABlob(
      @ForAll @IntRange(max = 20_000) int offset, @ForAll @IntRange(max = 20_000) int length)
      throws IOException {
    byte[] raw = randomBytes(20_000);
    ChunkList blob = store(raw);
    int start = Math.min(offset, raw.length);
    int wanted = Math.min(length, raw.length - start);

    try (InputStream part = reader.open(blob, start, wanted)) {
      assertThat(part.readAllBytes()).isEqualTo(Arrays.copyOfRange(raw, start, start + wanted));
    }
    List<String> touched =
        wanted == 0
            ? List.of()
            : blob.stream()
                .toList()
                .subList(blob.indexAt(start), blob.indexAt(start + wanted - 1L) + 1)
                .stream()
                .map(chunk -> BucketLayout.chunkKey(chunk.digest()))
                .toList();
    assertThat(store.opened()).isEqualTo(touched);
  }

  @Test
  void shouldReadByteByByteAndSkipWithoutReading() throws IOException {
    byte[] raw = randomBytes(10_000);
    ChunkList blob = store(raw);

    try (InputStream in = reader.open(blob)) {
      assertThat(in.available()).isZero();
      assertThat(in.read()).isEqualTo(raw[0] & 0xff);
      assertThat(in.available()).isEqualTo((int) blob.get(0).size() - 1);
      assertThat(in.skip(9000)).isEqualTo(9000);
      assertThat(in.read()).isEqualTo(raw[9001] & 0xff);
      assertThat(in.skip(-1)).isZero();
      assertThat(in.read(new byte[5], 0, 0)).isZero();
      assertThat(in.skip(5000)).isEqualTo(998);
      assertThat(in.read()).isEqualTo(-1);
      assertThat(in.read(new byte[5])).isEqualTo(-1);
    }
    assertThat(store.opened())
        .containsExactly(
            BucketLayout.chunkKey(blob.get(0).digest()),
            BucketLayout.chunkKey(blob.get(blob.indexAt(9001)).digest()));
  }

  @Test
  void shouldRefusePartsOutsideTheBlob() throws IOException {
    ChunkList blob = store(randomBytes(1000));

    for (long[] part : new long[][] {{-1, 1}, {0, -1}, {0, 1001}, {1000, 1}, {1, Long.MAX_VALUE}}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> reader.open(blob, part[0], part[1]))
          .withMessage(
              "offset: %d, length: %d (expected: within the blob's 1000 bytes)"
                  .formatted(part[0], part[1]));
    }
  }

  @Test
  void shouldRefuseToReadOnceClosed() throws IOException {
    ChunkList blob = store(randomBytes(1000));
    InputStream in = reader.open(blob);
    in.close();

    assertThatExceptionOfType(IOException.class)
        .isThrownBy(in::read)
        .withMessage("the stream of blob " + blob.blob() + " is closed");
  }

  @Test
  void shouldNameBlobChunkAndKeyWhenAChunkIsMissing() throws IOException {
    ChunkList blob = store(randomBytes(10_000));
    ChunkRef gone = blob.get(3);
    store.remove(BucketLayout.chunkKey(gone.digest()));
    ChunkList found = reader.find(blob.blob()).orElseThrow();

    assertThatExceptionOfType(MissingChunkException.class)
        .isThrownBy(() -> content(found))
        .withMessage(
            "blob %s: its chunk %s is not in the store (expected: an object %s)"
                .formatted(blob.blob(), gone.digest(), BucketLayout.chunkKey(gone.digest())))
        .satisfies(e -> assertThat(e.blob()).isEqualTo(blob.blob()))
        .satisfies(e -> assertThat(e.chunk()).isEqualTo(gone.digest()));
    try (InputStream before = reader.open(found, 0, found.offset(3))) {
      assertThat(before.readAllBytes()).hasSize((int) found.offset(3));
    }
  }

  @Test
  void shouldSayThatTheSingleChunkIsMissing() {
    Digest digest = Blake3.hash(randomBytes(10));
    store.with(BucketLayout.blobKey(digest), new byte[0]);

    assertThatExceptionOfType(MissingChunkException.class)
        .isThrownBy(() -> reader.find(digest))
        .withMessageContaining(BucketLayout.chunkKey(digest));
  }

  @Test
  void shouldNameTheObjectWhenAChunkIsCorrupt() throws IOException {
    ChunkList blob = store(randomBytes(10_000));
    String key = BucketLayout.chunkKey(blob.get(2).digest());
    byte[] wrong = randomBytes((int) blob.get(2).size());
    wrong[0] ^= 1;

    for (byte[] object :
        new byte[][] {
          new byte[0],
          Frames.stated(wrong),
          Frames.stated(Arrays.copyOf(wrong, wrong.length + 1)),
          Frames.bomb(10)
        }) {
      store.with(key, object);
      assertThatExceptionOfType(CorruptObjectException.class)
          .isThrownBy(() -> content(blob))
          .withMessageStartingWith("corrupt object " + key + ": ");
    }
  }

  @Test
  void shouldNotBelieveAStatedSizeBeyondTheHeader() throws IOException {
    byte[] raw = randomBytes(100);
    Digest digest = Blake3.hash(raw);
    byte[] frame = Frames.stated(raw);
    frame[5]++;
    store.with(BucketLayout.chunkKey(digest), frame);
    ChunkList found = reader.find(digest).orElseThrow();

    assertThat(found.size()).isEqualTo(101);
    assertThatExceptionOfType(CorruptObjectException.class).isThrownBy(() -> content(found));
  }

  @Test
  void shouldRefuseAnEmptyFrameUnderADigest() {
    Digest digest = Blake3.hash(randomBytes(10));
    store.with(BucketLayout.chunkKey(digest), Frames.stated(new byte[0]));

    assertThatExceptionOfType(CorruptObjectException.class)
        .isThrownBy(() -> reader.find(digest))
        .withMessageEndingWith("raw size: 0 bytes (expected: at least 1)");
  }

  @Test
  void shouldNameTheObjectWhenTheListIsBad() {
    Digest digest = Blake3.hash(randomBytes(10));
    String key = BucketLayout.blobKey(digest);

    for (byte[] object :
        new byte[][] {
          {1, 2, 3},
          StatBlobResponse.newBuilder()
              .addChunks(StatBlobResponse.ChunkMeta.newBuilder().setSize(5))
              .build()
              .toByteArray()
        }) {
      store.with(key, object);
      assertThatExceptionOfType(CorruptObjectException.class)
          .isThrownBy(() -> reader.find(digest))
          .withMessageStartingWith("corrupt object " + key + ": ");
    }
  }

  @Test
  void shouldKeepItsBoundOnTheNumberOfChunks() throws IOException {
    ChunkList blob = store(randomBytes(10_000));

    assertThat(new BlobReader(store, 1024, blob.count()).find(blob.blob())).contains(blob);
    assertThatExceptionOfType(TooManyChunksException.class)
        .isThrownBy(() -> new BlobReader(store, 1024, blob.count() - 1).find(blob.blob()));
  }

  private void assertSingleChunk(byte[] raw) throws IOException {
    Digest digest = Blake3.hash(raw);
    ChunkList found = reader.find(digest).orElseThrow();

    assertThat(found).isEqualTo(ChunkList.of(digest, new ChunkRef(digest, raw.length)));
    assertThat(content(found)).isEqualTo(raw);
  }

  private byte[] content(ChunkList blob) throws IOException {
    try (InputStream in = reader.open(blob)) {
      return in.readAllBytes();
    }
  }

  /** Stores a blob as this program does, in chunks of 512 bytes. */
  private ChunkList store(byte[] raw) throws IOException {
    ChunkList.Builder chunks = ChunkList.builder(Blake3.hash(raw));
    new ChunkSplitter(new ChunkSizes(512))
        .split(
            new ByteArrayInputStream(raw),
            (buffer, offset, length) -> {
              byte[] chunk = Arrays.copyOfRange(buffer, offset, offset + length);
              Digest digest = Blake3.hash(chunk);
              store.with(BucketLayout.chunkKey(digest), Frames.stated(chunk));
              chunks.add(new ChunkRef(digest, length));
            });
    ChunkList list = chunks.build();
    store.put(BucketLayout.blobKey(list.blob()), BlobIndex.body(list));
    return list;
  }

  private static byte[] randomBytes(int length) {
    byte[] bytes = new byte[length];
    new Random(length).nextBytes(bytes);
    return bytes;
  }
}
