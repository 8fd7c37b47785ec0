package io.castore.content.digest.blake3;

import static org.assertj.core.api.Assertions.assertThat;

import io.castore.content.digest.Blake3;
import io.castore.content.digest.Digest;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Here, unlike where the class is, there are vectors to warm up. */
final class WarmingHasherTest {
  private static final Duration LONGEST = Duration.ofSeconds(60);

  @Test
  void shouldGiveTheSameBeforeAndAfterVectorsAreReady() {
    byte[] bytes = new byte[3_000_001];
    new Random(9).nextBytes(bytes);
    Digest digest = new Blake3(NodeHashers.SCALAR.create()).update(bytes, 0, bytes.length).finish();
    NodeHasher hasher = NodeHashers.AUTO.create();
    Blake3 blake3 = new Blake3(hasher);
    assertThat(hasher).isInstanceOf(WarmingHasher.class);

    long start = System.nanoTime();
    do {
      assertThat(blake3.update(bytes, 0, bytes.length).finish()).isEqualTo(digest);
    } while (!VectorWarmUp.hasEnded() && System.nanoTime() - start < LONGEST.toNanos());

    assertThat(VectorWarmUp.hasEnded()).isTrue();
    assertThat(blake3.update(bytes, 0, bytes.length).finish()).isEqualTo(digest);
  }
}
