package io.castore.blobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.castore.content.digest.Digest;
import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** A channel over HTTP beside the array that it should be equal to. */
@SuppressWarnings("NullAway.Init") // jqwik starts it before the first try
final class RandomReadsTest {
  private static final byte[] CONTENT = SampleBlobs.random(60_000, 11);

  private static TestService service;
  private static RemoteBlobs blobs;
  private static Digest digest;

  @BeforeContainer
  static void start() throws IOException {
    service = TestService.start();
    blobs = RemoteBlobs.at(service.url()).connect();
    digest = SampleBlobs.store(service.store, CONTENT);
  }

  @AfterContainer
  static void stop() {
    blobs.close();
    service.close();
  }

  record Read(long position, int length) {}

  @Property(tries = 40)
  void shouldGiveWhatArrayHoldsWhereverItIsRead(@ForAll("reads") List<Read> reads)
      throws IOException {
    try (SeekableByteChannel channel = blobs.openRead(digest).orElseThrow()) {
      for (Read read : reads) {
        channel.position(read.position());
        byte[] given = BlobsContractTest.readFully(channel, read.length());
        int from = (int) Math.min(read.position(), CONTENT.length);
        int to = Math.min(from + read.length(), CONTENT.length);
        assertThat(given).isEqualTo(Arrays.copyOfRange(CONTENT, from, to));
        assertThat(channel.position()).isEqualTo(read.position() + given.length);
      }
    }
  }

  @Provide
  Arbitrary<List<Read>> reads() {
    return Combinators.combine(
            Arbitraries.longs().between(0, CONTENT.length + 100),
            Arbitraries.integers().between(1, 30_000))
        .as(Read::new)
        .list()
        .ofMaxSize(6);
  }
}
