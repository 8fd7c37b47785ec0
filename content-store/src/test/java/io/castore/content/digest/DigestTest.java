package io.castore.content.digest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Base64;
import java.util.HexFormat;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class DigestTest {
  private static final String HEX =
      "7b7015bb92cf0b318037702a6cdd81dee41224f734684c2c122cd6359cb1ee63";

  @Test
  void shouldReadEveryTextForm() {
    String base64 = Base64.getEncoder().encodeToString(HexFormat.of().parseHex(HEX));
    Digest digest = Digest.parse(HEX);

    assertThat(Digest.parse("7B7015BB92CF0B318037702A6CDD81DEE41224F734684C2C122CD6359CB1EE63"))
        .isEqualTo(digest);
    assertThat(Digest.parse("b3:" + base64)).isEqualTo(digest);
    assertThat(Digest.parse("blake3-" + base64)).isEqualTo(digest);
    assertThat(digest).hasToString(HEX);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "7b70",
        "b3:",
        "b3:e3AV",
        "blake3-e3AV",
        "b3:!!!!",
        "sha256-e3AVu5LPCzGAN3AqbN2B3uQSJPc0aEwsEizWNZyx7mM=",
        "7b7015bb92cf0b318037702a6cdd81dee41224f734684c2c122cd6359cb1ee6",
        "7b7015bb92cf0b318037702a6cdd81dee41224f734684c2c122cd6359cb1ee6g",
        "7b7015bb92cf0b318037702a6cdd81dee41224f734684c2c122cd6359cb1ee6300"
      })
  void shouldSayWhatIsExpectedWhenTextIsNoDigest(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Digest.parse(text))
        .withMessage(
            "not a digest: \"%s\" (expected: 64 hex characters, b3:<base64> or blake3-<base64> of 32 bytes)",
            text);
  }

  @Test
  void shouldRefuseBytesOfAnotherLength() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Digest.of(new byte[31]))
        .withMessage("invalid digest length: 31 bytes (expected: 32)");
    assertThatThrownBy(() -> Digest.of(new byte[40], 9))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void shouldKeepItsBytesToItself() {
    byte[] bytes = HexFormat.of().parseHex(HEX);
    Digest digest = Digest.of(bytes);
    bytes[0] = 0;
    digest.toBytes()[1] = 0;

    assertThat(digest.toHex()).isEqualTo(HEX);
  }

  @Property(tries = 100)
  void shouldReadBackWhatItWrites(@ForAll @Size(32) byte[] bytes) {
    Digest digest = Digest.of(bytes);
    byte[] larger = new byte[40];
    digest.copyTo(larger, 5);

    assertThat(digest.toBytes()).isEqualTo(bytes);
    assertThat(Digest.parse(digest.toHex())).isEqualTo(digest).hasSameHashCodeAs(digest);
    assertThat(Digest.of(larger, 5)).isEqualTo(digest);
  }

  @Property(tries = 200)
  void shouldBeOrderedAsItsHexIs(@ForAll @Size(32) byte[] one, @ForAll @Size(32) byte[] other) {
    Digest first = Digest.of(one);
    Digest second = Digest.of(other);

    assertThat(Integer.signum(first.compareTo(second)))
        .isEqualTo(Integer.signum(first.toHex().compareTo(second.toHex())));
  }
}
