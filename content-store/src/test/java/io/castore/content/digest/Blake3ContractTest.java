package io.castore.content.digest;

import static org.assertj.core.api.Assertions.assertThat;

import io.castore.content.digest.blake3.NodeHasher;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** What every way to hash nodes has to give, held against vectors and against another program. */
public abstract class Blake3ContractTest {
  private static final int LONGEST = 20_000;

  /** Makes a hasher of the kind that is tested. */
  protected abstract NodeHasher hasher();

  private Digest hash(byte[] bytes, int length) {
    return new Blake3(hasher()).update(bytes, 0, length).finish();
  }

  /** Lengths and digests; the content is bytes 0 to 250, again and again. */
  static Stream<String[]> officialVectors() {
    try (InputStream vectors =
        Objects.requireNonNull(
            Blake3ContractTest.class.getResourceAsStream("/vectors/blake3-official.csv"))) {
      return new String(vectors.readAllBytes(), StandardCharsets.UTF_8)
          .lines().map(line -> line.split(",", -1)).toList().stream();
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  @Test
  void shouldGiveTheOfficialDigests() {
    byte[] counting = new byte[102_400];
    for (int i = 0; i < counting.length; i++) {
      counting[i] = (byte) (i % 251);
    }

    assertThat(officialVectors())
        .hasSize(35)
        .allSatisfy(
            vector ->
                assertThat(hash(counting, Integer.parseInt(vector[0])).toHex())
                    .as("%s bytes", vector[0])
                    .isEqualTo(vector[1]));
  }

  @Test
  void shouldAgreeWithAnotherImplementationOnEveryLength() {
    Blake3 blake3 = new Blake3(hasher());
    for (int length = 0; length <= LONGEST; length++) {
      Digest digest = blake3.update(Oracle.CONTENT, 0, length).finish();
      if (!digest.equals(Oracle.DIGESTS[length])) {
        assertThat(digest).as("%s bytes", length).isEqualTo(Oracle.DIGESTS[length]);
      }
    }
  }

  @Property(tries = 100)
  void shouldNotDependOnHowBytesCome(
      @ForAll @IntRange(max = 3_000_000) int length,
      @ForAll long seed,
      @ForAll @Size(max = 10) int[] pieces) {
    byte[] bytes = new byte[length];
    new Random(seed).nextBytes(bytes);
    Blake3 blake3 = new Blake3(hasher());
    int at = 0;
    for (int piece : pieces) {
      // Of all orders of magnitude.
      int taken = Math.min((piece >>> 8) >>> (piece & 31), length - at);
      blake3.update(bytes, at, taken);
      at += taken;
    }

    assertThat(blake3.update(bytes, at, length - at).finish())
        .isEqualTo(Oracle.hash(bytes, length));
  }

  @Test
  void shouldStartAnewWhenFinished() {
    Blake3 blake3 = new Blake3(hasher());
    blake3.update(Oracle.CONTENT, 0, LONGEST).finish();

    assertThat(blake3.update(Oracle.CONTENT, 0, 5000).finish()).isEqualTo(Oracle.DIGESTS[5000]);
    assertThat(blake3.finish()).isEqualTo(Digest.EMPTY);
  }

  /** Commons Codec, which has an implementation of its own. */
  private static final class Oracle {
    static final byte[] CONTENT = content();
    static final Digest[] DIGESTS = new Digest[LONGEST + 1];

    static {
      Arrays.setAll(DIGESTS, length -> hash(CONTENT, length));
    }

    private static byte[] content() {
      byte[] content = new byte[LONGEST];
      new Random(3).nextBytes(content);
      return content;
    }

    static Digest hash(byte[] bytes, int length) {
      return Digest.of(
          org.apache.commons.codec.digest.Blake3.initHash()
              .update(bytes, 0, length)
              .doFinalize(Digest.LENGTH));
    }
  }
}
