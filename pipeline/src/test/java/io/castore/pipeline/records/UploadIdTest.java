package io.castore.pipeline.records;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.UUID;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class UploadIdTest {
  private static final String TEXT = "0192f3a0-1c2d-7e3f-8a4b-5c6d7e8f9a0b";

  @Test
  void shouldMakeVersion7IdsOfThePresentTime() {
    Instant before = Instant.now().truncatedTo(ChronoUnit.MILLIS);
    UploadId id = UploadId.random();

    assertThat(id.uuid().version()).isEqualTo(7);
    assertThat(id.uuid().variant()).isEqualTo(2);
    assertThat(id.createdAt()).isBetween(before, Instant.now());
  }

  @Test
  void shouldMakeDifferentIds() {
    assertThat(UploadId.random()).isNotEqualTo(UploadId.random());
  }

  @Test
  void shouldReadTheTimeFromTheFirst48Bits() {
    assertThat(UploadId.parse(TEXT).createdAt()).isEqualTo(Instant.ofEpochMilli(0x0192_f3a0_1c2dL));
  }

  @Test
  void shouldGiveItsBytesMostSignificantFirst() {
    assertThat(HexFormat.of().formatHex(UploadId.parse(TEXT).toBytes()))
        .isEqualTo(TEXT.replace("-", ""));
  }

  @Property(tries = 200)
  void shouldSurviveBytesAndText(@ForAll long high, @ForAll long low) {
    UploadId id = new UploadId(new UUID(high, low));

    assertThat(UploadId.of(id.toBytes())).isEqualTo(id);
    assertThat(UploadId.parse(id.toString())).isEqualTo(id);
    assertThat(UploadId.parse(id.toString().toUpperCase(java.util.Locale.ROOT))).isEqualTo(id);
  }

  @Property(tries = 200)
  void shouldBeOrderedAsItsBytesAre(
      @ForAll long high, @ForAll long low, @ForAll long otherHigh, @ForAll long otherLow) {
    UploadId one = new UploadId(new UUID(high, low));
    UploadId other = new UploadId(new UUID(otherHigh, otherLow));

    assertThat(Integer.signum(one.compareTo(other)))
        .isEqualTo(
            Integer.signum(java.util.Arrays.compareUnsigned(one.toBytes(), other.toBytes())));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 15, 17})
  void shouldRefuseOtherLengths(int length) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> UploadId.of(new byte[length]))
        .withMessage("invalid upload id length: " + length + " bytes (expected: 16)");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "x", "1-2-3-4-5", "0192f3a01c2d7e3f8a4b5c6d7e8f9a0b", TEXT + "0", " " + TEXT})
  void shouldRefuseTextThatIsNoUuid(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> UploadId.parse(text))
        .withMessage("not an upload id: \"" + text + "\" (expected: a UUID)");
  }
}
