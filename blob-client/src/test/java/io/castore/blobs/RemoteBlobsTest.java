package io.castore.blobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.castore.content.digest.Blake3;
import io.castore.content.digest.Digest;
import io.castore.content.layout.ChunkList;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@link RemoteBlobs}, beside a service that is not always well. */
final class RemoteBlobsTest extends BlobsContractTest {
  private TestService service;
  private RemoteBlobs blobs;

  @BeforeEach
  void start() throws IOException {
    service = TestService.start();
    blobs = RemoteBlobs.at(service.url()).attempts(3).connect();
  }

  @AfterEach
  void stop() {
    blobs.close();
    service.close();
  }

  @Override
  Blobs blobs() {
    return blobs;
  }

  @Test
  void shouldAskOnceMoreForAllTheRestWhenReadInOrder() throws Exception {
    byte[] content = SampleBlobs.random(100_000, 1);
    Digest digest = SampleBlobs.store(service.store, content);
    ChunkList list = SampleBlobs.chunks(content);
    try (SeekableByteChannel channel = blobs.openRead(digest).orElseThrow()) {
      assertThat(readFully(channel, 1)).containsExactly(content[0]);
      channel.position(0);
      for (int i = 0; i < content.length; i += 1000) {
        assertThat(readFully(channel, 1000)).isEqualTo(Arrays.copyOfRange(content, i, i + 1000));
      }
    }
    assertThat(service.requests).hasSize(3);
    assertThat(service.requests.get(0)).isEqualTo("GET /blobs/" + digest + "/chunks");
    assertThat(service.requests.get(2)).endsWith("-" + (list.size() - 1));
  }

  @Test
  void shouldAskForNoMoreThanTheChunkWhenByteIsRead() throws Exception {
    byte[] content = SampleBlobs.random(100_000, 1);
    Digest digest = SampleBlobs.store(service.store, content);
    ChunkList list = SampleBlobs.chunks(content);
    try (SeekableByteChannel channel = blobs.openRead(digest).orElseThrow()) {
      channel.position(50_000);
      assertThat(readFully(channel, 1)).containsExactly(content[50_000]);
    }
    int index = list.indexAt(50_000);
    assertThat(service.requests)
        .last()
        .isEqualTo(
            "GET /blobs/%s bytes=%d-%d"
                .formatted(
                    digest, list.offset(index), list.offset(index) + list.get(index).size() - 1));
  }

  @Test
  void shouldGoOnWhereConnectionWasCut() throws Exception {
    byte[] content = SampleBlobs.random(300_000, 2);
    Digest digest = SampleBlobs.store(service.store, content);
    try (SeekableByteChannel channel = blobs.openRead(digest).orElseThrow()) {
      assertThat(readFully(channel, 1)).containsExactly(content[0]);
      // More than a chunk is tried: each of these answers has some chunks more.
      service.cuts.set(4);
      channel.position(0);
      assertThat(Channels.newInputStream(channel).readAllBytes()).isEqualTo(content);
    }
    assertThat(service.cuts).hasValue(0);
  }

  @Test
  void shouldSayWhereItEndedWhenEveryConnectionIsCut() throws Exception {
    Digest digest = SampleBlobs.store(service.store, SampleBlobs.random(100, 2));
    service.cuts.set(1000);
    assertThatThrownBy(() -> read(digest))
        .isInstanceOf(ServiceUnavailableException.class)
        .hasMessageContaining("ended blob " + digest + " before byte 100 of 100");
  }

  @Test
  void shouldGiveNoWrongBytes() throws Exception {
    Digest digest = SampleBlobs.store(service.store, SampleBlobs.random(100_000, 3));
    service.proxy =
        body -> {
          body[body.length - 1] ^= 1;
          return body;
        };
    try (SeekableByteChannel channel = blobs.openRead(digest).orElseThrow()) {
      ByteBuffer target = ByteBuffer.allocate(10);
      assertThatThrownBy(() -> channel.read(target)).isInstanceOf(UntrueAnswerException.class);
      assertThat(target.position()).isZero();
      assertThat(channel.position()).isZero();
    }
  }

  @Test
  void shouldNotGiveLastChunkWhenChunksAreAnotherBlobs() throws Exception {
    byte[] other = SampleBlobs.random(100_000, 4);
    Digest digest = Blake3.hash(SampleBlobs.random(100_000, 3));
    ChunkList list = SampleBlobs.chunks(other);
    service.pretended.put(digest, SampleBlobs.store(service.store, other));
    try (SeekableByteChannel channel = blobs.openRead(digest).orElseThrow()) {
      int last = list.count() - 1;
      assertThat(readFully(channel, (int) list.offset(last))).hasSize((int) list.offset(last));
      for (int i = 0; i < 2; i++) {
        assertThatThrownBy(() -> channel.read(ByteBuffer.allocate(1)))
            .isInstanceOf(UntrueAnswerException.class)
            .hasMessageContaining("make blob " + list.blob());
      }
    }
  }

  @Test
  void shouldRefuseListThatNoBlobCanHave() throws Exception {
    Digest digest = SampleBlobs.store(service.store, SampleBlobs.random(100_000, 3));
    for (String wrong :
        new String[] {
          "[]",
          "{}",
          "nonsense",
          "{\"size\":5,\"chunks\":[]}",
          "{\"size\":1,\"chunks\":[{\"digest\":\"%s\",\"offset\":0,\"size\":1}]}"
              .formatted(Digest.EMPTY),
          "{\"size\":9000000,\"chunks\":[{\"digest\":\"%s\",\"offset\":0,\"size\":9000000}]}"
              .formatted(digest),
          "{\"size\":-1,\"chunks\":[{\"digest\":\"%s\",\"offset\":0,\"size\":-1}]}"
              .formatted(digest),
          "{\"size\":1,\"chunks\":[{\"digest\":\"%s\",\"offset\":1,\"size\":1}]}".formatted(digest)
        }) {
      service.listing = text -> wrong;
      assertThatThrownBy(() -> blobs.openRead(digest))
          .as(wrong)
          .isInstanceOf(UntrueAnswerException.class);
    }
  }

  @Test
  void shouldAskAgainWhenServiceIsBusy() throws Exception {
    Digest digest = SampleBlobs.store(service.store, SampleBlobs.random(100, 3));
    service.busy.set(2);
    assertThat(blobs.has(digest)).isTrue();
    service.busy.set(100);
    assertThatThrownBy(() -> blobs.chunks(digest))
        .isInstanceOf(ServiceUnavailableException.class)
        .hasMessageContaining("503")
        .hasMessageContaining("as many as may");
    assertThat(service.busy).hasValue(97);
  }

  @Test
  void shouldSayWhatToSetWhenTokenIsWanted() throws Exception {
    service.token = Optional.of("secret");
    assertThatThrownBy(() -> blobs.chunks(Digest.EMPTY))
        .isInstanceOf(ServiceErrorException.class)
        .hasMessageContaining("wants a token (set client.token): no valid token");
    try (RemoteBlobs wrong = RemoteBlobs.at(service.url()).token("wrong").connect()) {
      assertThatThrownBy(() -> wrong.chunks(Digest.EMPTY))
          .hasMessageContaining("does not know the token")
          .hasMessageNotContaining("wrong");
      BlobWriter writer = wrong.openWrite();
      assertThatThrownBy(writer::close).isInstanceOf(ServiceErrorException.class);
    }
    try (RemoteBlobs right = RemoteBlobs.at(service.url()).token("secret").connect()) {
      assertThat(right.has(Digest.EMPTY)).isTrue();
    }
  }

  @Test
  void shouldNotShowTokenToEverybodyOnTheWay() throws Exception {
    RemoteBlobs.Builder far = RemoteBlobs.at(URI.create("http://castore.example")).token("secret");
    assertThatThrownBy(far::connect)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("client.insecure")
        .hasMessageNotContaining("secret");
    far.allowTokenInClear().connect().close();
    RemoteBlobs.at(URI.create("https://castore.example")).token("secret").connect().close();
    RemoteBlobs.at(URI.create("http://[::1]:8080/")).token("secret").connect().close();
  }

  @Test
  void shouldRefuseUrlsThatNameNoService() {
    for (String wrong :
        new String[] {
          "castore:8080", "ftp://a", "http://u:secret@a", "http://a?b", "/a", "http:"
        }) {
      assertThatThrownBy(() -> RemoteBlobs.at(URI.create(wrong)))
          .as(wrong)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageNotContaining("secret");
    }
  }

  @Test
  void shouldSayThatServiceCannotBeReachedWhenNobodyListens() throws Exception {
    service.close();
    assertThatThrownBy(() -> blobs.has(Digest.EMPTY))
        .isInstanceOf(ServiceUnavailableException.class)
        .hasMessageContaining(service.url().toString());
    BlobWriter writer = blobs.openWrite();
    assertThatThrownBy(
            () -> {
              writer.write(ByteBuffer.allocate(1_000_000));
              writer.close();
            })
        .isInstanceOf(ServiceUnavailableException.class);
  }

  @Test
  void shouldPublishNothingWhenContentIsNotTheOneThatWasPromised() throws Exception {
    byte[] content = SampleBlobs.random(100, 1);
    BlobUpload upload =
        blobs.upload(Optional.of(Blake3.hash(new byte[1])), URI.create("file:///a"));
    upload.write(ByteBuffer.wrap(content));
    ServiceErrorException refused =
        catchThrowableOfType(ServiceErrorException.class, upload::close);
    assertThat(refused.isAboutContent()).isTrue();
    assertThat(service.sources).containsExactly("file:///a");
    assertThat(blobs.has(Blake3.hash(content))).isFalse();
  }

  @Test
  void shouldTellWhenSomethingElseWasStoredThanWasSent() throws Exception {
    service.uploadProxy = body -> new byte[1];
    BlobWriter writer = blobs.openWrite();
    writer.write(ByteBuffer.wrap(new byte[] {1, 2, 3}));
    assertThatThrownBy(writer::close).isInstanceOf(UntrueAnswerException.class);
  }

  @Test
  void shouldLetServiceSeeNoEndWhenUploadIsAborted() throws Exception {
    BlobWriter writer = blobs.openWrite();
    writer.write(ByteBuffer.wrap(SampleBlobs.random(3_000_000, 1)));
    writer.abort();
    Awaitility.await().until(() -> service.brokenUploads.get() == 1);
    assertThat(service.sources).isEmpty();
  }

  @Test
  void shouldAbortOpenWritersWhenClosed() throws Exception {
    BlobWriter writer = blobs.openWrite();
    writer.write(ByteBuffer.wrap(SampleBlobs.random(3_000_000, 1)));
    blobs.close();
    assertThatThrownBy(writer::close).isInstanceOf(IOException.class);
    Awaitility.await().until(() -> service.brokenUploads.get() == 1);
  }

  @Test
  void shouldTellWhatWasNew() throws Exception {
    byte[] content = SampleBlobs.random(100_000, 1);
    BlobUpload upload = blobs.upload(Optional.of(Blake3.hash(content)), null);
    upload.write(ByteBuffer.wrap(content));
    StoredBlob stored = upload.end();
    assertThat(stored.size()).isEqualTo(content.length);
    assertThat(stored.newChunks()).isEqualTo(SampleBlobs.chunks(content).count());
    assertThat(upload.end()).isEqualTo(stored);
  }

  @Test
  void shouldGiveUpWhenNothingComes() throws Exception {
    try (ServerSocket silent = new ServerSocket(0);
        RemoteBlobs patient =
            RemoteBlobs.at(URI.create("http://127.0.0.1:" + silent.getLocalPort()))
                .answerTimeout(Duration.ofMillis(100))
                .attempts(1)
                .connect()) {
      assertThatThrownBy(() -> patient.has(Digest.EMPTY))
          .isInstanceOf(ServiceUnavailableException.class)
          .hasMessageContaining("waited 0.1 s for an answer");
    }
  }

  private byte[] read(Digest digest) throws IOException {
    try (SeekableByteChannel channel = blobs.openRead(digest).orElseThrow()) {
      return Channels.newInputStream(channel).readAllBytes();
    }
  }
}
