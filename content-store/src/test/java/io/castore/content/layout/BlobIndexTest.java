package io.castore.content.layout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import io.castore.content.chunking.ChunkSizes;
import io.castore.content.digest.Blake3;
import io.castore.content.digest.Digest;
import io.castore.content.objectstore.ObjectBody;
import io.castore.proto.castore.StatBlobResponse;
import io.castore.proto.castore.StatBlobResponse.ChunkMeta;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class BlobIndexTest {
  private static final Digest BLOB = digest(0);
  private static final int MAX_SIZE = ChunkSizes.LARGEST_LEGAL_CHUNK;

  @Test
  void shouldWriteTheContractsExample() throws IOException {
    Digest blob = Digest.parse("a82c5154a7a0c262c6fdb929a317585646f8fbcf80326d0a7b8747edaf2d99d2");
    ChunkList list =
        ChunkList.of(
            blob,
            new ChunkRef(
                Digest.parse("79445f0f1420045f8be59af5f7915cfd9182c978ece11a21913641e457fa9794"),
                524_288),
            new ChunkRef(
                Digest.parse("832c7fbdbe9a537273cfe0299195a09ba7d08b6da842ab25fea373d739e9c5ac"),
                520_192));
    byte[] expected =
        HexFormat.of()
            .parseHex(
                "12260a2079445f0f1420045f8be59af5f7915cfd9182c978ece11a21913641e457fa97941080802012260a20832c7fbdbe9a537273cfe0299195a09ba7d08b6da842ab25fea373d739e9c5ac1080e01f");

    assertThat(expected).hasSize(80);
    assertThat(bytes(BlobIndex.body(list))).isEqualTo(expected);
  }

  @Test
  void shouldWriteNothingForTheEmptyBlobAndForASingleChunk() throws IOException {
    for (ChunkList list :
        List.of(ChunkList.of(Digest.EMPTY), ChunkList.of(BLOB, new ChunkRef(BLOB, 9)))) {
      assertThat(BlobIndex.encodedLength(list)).isZero();
      assertThat(bytes(BlobIndex.body(list))).isEmpty();
      assertThat(parse(new byte[0])).isEmpty();
    }
  }

  @Property(tries = 200)
  void shouldWriteWhatProtobufWrites(
      @ForAll @Size(min = 2, max = 600) List<@LongRange(min = 1, max = 1L << 50) Long> sizes)
      throws IOException {
    ChunkList list = list(sizes);
    byte[] expected = protobuf(list.stream().toList()).toByteArray();

    ObjectBody body = BlobIndex.body(list);

    assertThat(bytes(body)).isEqualTo(expected);
    assertThat(bytes(body)).isEqualTo(expected);
    assertThat(body.size()).isEqualTo(expected.length);
    try (InputStream in = body.open()) {
      for (byte next : expected) {
        assertThat(in.read()).isEqualTo(next & 0xff);
      }
      assertThat(in.read()).isEqualTo(-1);
    }
  }

  @Property(tries = 100)
  void shouldWriteEntriesOfTheLengthItTells(@ForAll @LongRange(min = 1) long size)
      throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    BlobIndex.writeEntry(new ChunkRef(BLOB, size), out);

    assertThat(out.size()).isEqualTo(BlobIndex.entryLength(size)).isBetween(38, 47);
  }

  @Property(tries = 200)
  void shouldReadBackWhatItWrites(
      @ForAll @Size(min = 2, max = 300) List<@LongRange(min = 1, max = MAX_SIZE) Long> sizes)
      throws IOException {
    ChunkList list = list(sizes);

    assertThat(parse(bytes(BlobIndex.body(list)))).contains(list);
  }

  @Test
  void shouldWriteAndReadALongListWithoutHoldingIt() throws IOException {
    int count = 300_000;
    ObjectBody body =
        BlobIndex.body(
            count,
            (long) count * BlobIndex.entryLength(262_144),
            () -> IntStream.range(0, count).mapToObj(i -> new ChunkRef(BLOB, 262_144)));
    AtomicInteger read = new AtomicInteger();

    try (InputStream in = body.open()) {
      BlobIndex.visit(BLOB, in, MAX_SIZE, chunk -> read.incrementAndGet());
    }

    assertThat(read).hasValue(count);
  }

  @Property(tries = 50)
  void shouldFailWhenTheChunksAreNotThoseThatWereCounted(
      @ForAll @IntRange(min = 2, max = 600) int count) {
    ChunkRef chunk = new ChunkRef(BLOB, 1000);
    ObjectBody body =
        BlobIndex.body(
            count + 1,
            (long) (count + 1) * BlobIndex.entryLength(1000),
            () -> IntStream.range(0, count).mapToObj(i -> chunk));

    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> bytes(body))
        .withMessageContaining("blob object: " + count + " chunks in ");
  }

  @Test
  void shouldCloseTheChunksWithTheBody() throws IOException {
    AtomicInteger closed = new AtomicInteger();
    ObjectBody body =
        BlobIndex.body(
            2,
            2L * BlobIndex.entryLength(1),
            () ->
                Stream.of(new ChunkRef(BLOB, 1), new ChunkRef(BLOB, 1))
                    .onClose(closed::incrementAndGet));

    bytes(body);
    body.open().close();

    assertThat(closed).hasValue(2);
  }

  @Test
  void shouldReadAListOfOne() throws IOException {
    ChunkRef chunk = new ChunkRef(BLOB, 77);

    assertThat(parse(protobuf(List.of(chunk)).toByteArray())).contains(ChunkList.of(BLOB, chunk));
    assertCorrupt(
        protobuf(List.of(new ChunkRef(digest(1), 77))).toByteArray(),
        "one, " + digest(1) + " (expected:");
  }

  @Test
  void shouldPassOverFieldsThatItDoesNotKnow() throws IOException {
    UnknownFieldSet unknown =
        UnknownFieldSet.newBuilder()
            .addField(
                15,
                UnknownFieldSet.Field.newBuilder()
                    .addVarint(5)
                    .addLengthDelimited(ByteString.copyFromUtf8("later"))
                    .addGroup(UnknownFieldSet.getDefaultInstance())
                    .build())
            .build();
    ChunkList list = list(List.of(5L, 6L));
    StatBlobResponse.Builder response =
        protobuf(list.stream().toList()).toBuilder()
            .setBao(ByteString.copyFrom(new byte[5000]))
            .setUnknownFields(unknown);
    response.getChunksBuilder(0).setUnknownFields(unknown);

    assertThat(parse(response.build().toByteArray())).contains(list);
    assertThat(parse(StatBlobResponse.newBuilder().setUnknownFields(unknown).build().toByteArray()))
        .isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 20, 31, 33})
  void shouldRefuseDigestsOfAnotherLength(int length) {
    assertCorrupt(
        entries(
            meta(digest(1), 5),
            ChunkMeta.newBuilder().setDigest(ByteString.copyFrom(new byte[length])).setSize(5)),
        "digest of chunk 1: " + length + " bytes (expected: 32)");
  }

  @Test
  void shouldRefuseSizesThatNoChunkHas() {
    assertCorrupt(
        entries(meta(digest(1), 5), meta(digest(2), 0)),
        "size of chunk 1: 0 bytes (expected: 1 to 4194304)");
    assertCorrupt(
        entries(meta(digest(1), MAX_SIZE + 1), meta(digest(2), 1)),
        "size of chunk 0: 4194305 bytes (expected: 1 to 4194304)");
    assertCorrupt(
        entries(meta(digest(1), -1), meta(digest(2), 1)),
        "size of chunk 0: 18446744073709551615 bytes (expected: 1 to 4194304)");
  }

  @Test
  void shouldReadLargerChunksWhenTold() throws IOException {
    ChunkList list = list(List.of(MAX_SIZE + 1L, 1L));

    assertThat(
            BlobIndex.parse(
                BLOB, new ByteArrayInputStream(bytes(BlobIndex.body(list))), 2 * MAX_SIZE, 10))
        .contains(list);
  }

  @Test
  void shouldRefuseEveryCutOffList() throws IOException {
    byte[] whole = bytes(BlobIndex.body(list(List.of(300_000L, 200_000L))));

    for (int length = 1; length < whole.length; length++) {
      byte[] cut = Arrays.copyOf(whole, length);
      // A cut between the entries leaves a list of one, which is not the blob itself.
      assertCorrupt(cut, length == 40 ? "one, " : "not a StatBlobResponse, after ");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"00", "14", "ff", "12ffffffff0f", "12ffffffff07", "1f", "68656c6c6f"})
  void shouldRefuseWhatIsNoResponse(String hex) {
    assertCorrupt(HexFormat.of().parseHex(hex), "not a StatBlobResponse, after 0 chunks: ");
  }

  @Test
  void shouldSayWhenThereAreTooManyChunks() throws IOException {
    byte[] three = bytes(BlobIndex.body(list(List.of(1L, 2L, 3L))));

    assertThatExceptionOfType(TooManyChunksException.class)
        .isThrownBy(() -> BlobIndex.parse(BLOB, new ByteArrayInputStream(three), MAX_SIZE, 2))
        .withMessage("chunks of blob " + BLOB + ": more than 2 (expected: no more)");
    assertThat(BlobIndex.parse(BLOB, new ByteArrayInputStream(three), MAX_SIZE, 3)).isPresent();
  }

  @Test
  void shouldLetTheStoresExceptionThrough() {
    InputStream failing =
        new InputStream() {
          @Override
          public int read() throws IOException {
            throw new IOException("the store is gone");
          }

          @Override
          public int read(byte[] target, int offset, int wanted) throws IOException {
            return read();
          }
        };

    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> BlobIndex.parse(BLOB, failing, MAX_SIZE, 2))
        .withMessage("the store is gone");
  }

  private static void assertCorrupt(byte[] object, String reason) {
    assertThatExceptionOfType(CorruptObjectException.class)
        .isThrownBy(() -> parse(object))
        .withMessageStartingWith("corrupt object " + BucketLayout.blobKey(BLOB) + ": ")
        .withMessageContaining(reason)
        .satisfies(e -> assertThat(e.key()).isEqualTo(BucketLayout.blobKey(BLOB)));
  }

  private static Optional<ChunkList> parse(byte[] object) throws IOException {
    return BlobIndex.parse(BLOB, new ByteArrayInputStream(object), MAX_SIZE, 1000);
  }

  private static ChunkList list(List<Long> sizes) {
    ChunkList.Builder list = ChunkList.builder(BLOB);
    for (int i = 0; i < sizes.size(); i++) {
      list.add(new ChunkRef(digest(i + 1), sizes.get(i)));
    }
    return list.build();
  }

  private static StatBlobResponse protobuf(List<ChunkRef> chunks) {
    StatBlobResponse.Builder response = StatBlobResponse.newBuilder();
    for (ChunkRef chunk : chunks) {
      response.addChunks(meta(chunk.digest(), chunk.size()));
    }
    return response.build();
  }

  private static byte[] entries(ChunkMeta.Builder... entries) {
    StatBlobResponse.Builder response = StatBlobResponse.newBuilder();
    for (ChunkMeta.Builder entry : entries) {
      response.addChunks(entry);
    }
    return response.build().toByteArray();
  }

  private static ChunkMeta.Builder meta(Digest digest, long size) {
    return ChunkMeta.newBuilder().setDigest(ByteString.copyFrom(digest.toBytes())).setSize(size);
  }

  private static byte[] bytes(ObjectBody body) throws IOException {
    try (InputStream in = body.open()) {
      return in.readAllBytes();
    }
  }

  private static Digest digest(int number) {
    return Blake3.hash(new byte[] {(byte) number, (byte) (number >> 8)});
  }
}
