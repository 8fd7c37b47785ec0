package io.castore.blobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.castore.content.digest.Blake3;
import io.castore.content.digest.Digest;
import io.castore.content.layout.ChunkList;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.SeekableByteChannel;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What all {@link Blobs} do. */
abstract class BlobsContractTest {
  /** Gives the ones under test, which can be read and written. */
  abstract Blobs blobs() throws Exception;

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 4096, 70_000, 300_000})
  void shouldGiveWhatWasWritten(int length) throws Exception {
    byte[] content = SampleBlobs.random(length, length);
    Digest digest = write(content);
    assertThat(digest).isEqualTo(Blake3.hash(content));
    assertThat(blobs().has(digest)).isTrue();
    try (SeekableByteChannel channel = blobs().openRead(digest).orElseThrow()) {
      assertThat(channel.size()).isEqualTo(length);
      assertThat(Channels.newInputStream(channel).readAllBytes()).isEqualTo(content);
    }
  }

  @Test
  void shouldGiveNothingWhenAbsent() throws Exception {
    Digest absent = Blake3.hash(SampleBlobs.random(10, 77));
    assertThat(blobs().has(absent)).isFalse();
    assertThat(blobs().openRead(absent)).isEmpty();
    assertThat(blobs().chunks(absent)).isEmpty();
  }

  @Test
  void shouldHaveEmptyBlobWithoutItBeingWritten() throws Exception {
    assertThat(blobs().has(Digest.EMPTY)).isTrue();
    assertThat(blobs().chunks(Digest.EMPTY)).contains(ChunkList.of(Digest.EMPTY));
    try (SeekableByteChannel channel = blobs().openRead(Digest.EMPTY).orElseThrow()) {
      assertThat(channel.read(ByteBuffer.allocate(1))).isEqualTo(-1);
    }
  }

  @Test
  void shouldListChunksThatCanBeReadEach() throws Exception {
    byte[] content = SampleBlobs.random(200_000, 5);
    ChunkList list = blobs().chunks(write(content)).orElseThrow();
    assertThat(list.size()).isEqualTo(content.length);
    assertThat(list.count()).isGreaterThan(1);
    int last = list.count() - 1;
    try (SeekableByteChannel chunk = blobs().openRead(list.get(last).digest()).orElseThrow()) {
      assertThat(Channels.newInputStream(chunk).readAllBytes())
          .isEqualTo(Arrays.copyOfRange(content, (int) list.offset(last), content.length));
    }
  }

  @Test
  void shouldStayBeyondEndWhenSoughtThere() throws Exception {
    Digest digest = write(SampleBlobs.random(100, 6));
    try (SeekableByteChannel channel = blobs().openRead(digest).orElseThrow()) {
      channel.position(1_000_000);
      assertThat(channel.read(ByteBuffer.allocate(10))).isEqualTo(-1);
      assertThat(channel.position()).isEqualTo(1_000_000);
      assertThat(channel.size()).isEqualTo(100);
      assertThat(channel.position(99).read(ByteBuffer.allocate(10))).isEqualTo(1);
      assertThat(channel.read(ByteBuffer.allocate(10))).isEqualTo(-1);
      assertThatThrownBy(() -> channel.position(-1)).isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void shouldReadAsFromArrayWhenSoughtAtRandom() throws Exception {
    byte[] content = SampleBlobs.random(150_000, 7);
    Random random = new Random(7);
    try (SeekableByteChannel channel = blobs().openRead(write(content)).orElseThrow()) {
      for (int i = 0; i < 100; i++) {
        int position = random.nextInt(content.length);
        int wanted = 1 + random.nextInt(20_000);
        channel.position(position);
        assertThat(readFully(channel, wanted))
            .isEqualTo(
                Arrays.copyOfRange(content, position, Math.min(position + wanted, content.length)));
      }
    }
  }

  @Test
  void shouldRefuseToWriteIntoBlob() throws Exception {
    try (SeekableByteChannel channel = blobs().openRead(Digest.EMPTY).orElseThrow()) {
      assertThatThrownBy(() -> channel.write(ByteBuffer.allocate(1)))
          .isInstanceOf(NonWritableChannelException.class);
      assertThatThrownBy(() -> channel.truncate(0)).isInstanceOf(NonWritableChannelException.class);
    }
  }

  @Test
  void shouldGiveNothingFromClosedChannel() throws Exception {
    SeekableByteChannel channel = blobs().openRead(Digest.EMPTY).orElseThrow();
    channel.close();
    channel.close();
    assertThat(channel.isOpen()).isFalse();
    assertThatThrownBy(() -> channel.read(ByteBuffer.allocate(1)))
        .isInstanceOf(ClosedChannelException.class);
  }

  @Test
  void shouldGiveSameDigestWhenClosedTwice() throws Exception {
    BlobWriter writer = blobs().openWrite();
    writer.write(ByteBuffer.wrap(SampleBlobs.random(10, 8)));
    Digest digest = writer.close();
    assertThat(writer.close()).isEqualTo(digest);
    writer.abort();
    assertThat(blobs().has(digest)).isTrue();
    assertThatThrownBy(() -> writer.write(ByteBuffer.allocate(1))).isInstanceOf(IOException.class);
  }

  @Test
  void shouldPublishNothingWhenAborted() throws Exception {
    byte[] content = SampleBlobs.random(200_000, 9);
    BlobWriter writer = blobs().openWrite();
    writer.write(ByteBuffer.wrap(content));
    writer.abort();
    writer.abort();
    assertThatThrownBy(writer::close).isInstanceOf(IOException.class);
    assertThatThrownBy(writer::close).isInstanceOf(IOException.class);
    assertThat(blobs().has(Blake3.hash(content))).isFalse();
  }

  final Digest write(byte[] content) throws Exception {
    BlobWriter writer = blobs().openWrite();
    try {
      int at = 0;
      while (at < content.length) {
        ByteBuffer piece = ByteBuffer.wrap(content, at, Math.min(50_000, content.length - at));
        at += piece.remaining();
        writer.write(piece);
        assertThat(piece.hasRemaining()).isFalse();
      }
      return writer.close();
    } finally {
      writer.abort();
    }
  }

  static byte[] readFully(SeekableByteChannel channel, int wanted) throws IOException {
    ByteBuffer target = ByteBuffer.allocate(wanted);
    int read = 0;
    while (target.hasRemaining() && read >= 0) {
      read = channel.read(target);
    }
    return Arrays.copyOf(target.array(), target.position());
  }
}
