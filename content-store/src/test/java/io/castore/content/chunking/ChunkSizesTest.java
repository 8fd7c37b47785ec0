package io.castore.content.chunking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ChunkSizesTest {
  @Test
  void shouldBe256KiBByDefault() {
    assertThat(ChunkSizes.DEFAULT.minBytes()).isEqualTo(131_072);
    assertThat(ChunkSizes.DEFAULT.averageBytes()).isEqualTo(262_144);
    assertThat(ChunkSizes.DEFAULT.maxBytes()).isEqualTo(524_288);
  }

  @ParameterizedTest
  @ValueSource(ints = {512, 513, 65_536, 2_097_152})
  void shouldLieWithinTheLargestLegalChunk(int average) {
    ChunkSizes sizes = new ChunkSizes(average);

    assertThat(sizes.minBytes()).isEqualTo(average / 2);
    assertThat(sizes.maxBytes())
        .isEqualTo(average * 2)
        .isLessThanOrEqualTo(ChunkSizes.LARGEST_LEGAL_CHUNK);
    assertThat(new FastCdc(sizes).maxBytes()).isEqualTo(sizes.maxBytes());
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 0, 511, 2_097_153})
  void shouldSayWhatIsExpectedWhenTheAverageIsOutOfRange(int average) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ChunkSizes(average))
        .withMessage("average chunk size: %d bytes (expected: 512 to 2097152)".formatted(average));
  }

  @ParameterizedTest
  @CsvSource({"1,300,600,1", "400,300,600,1", "64,700,600,1", "64,300,300000000,1"})
  void shouldRefuseSizesThatAreNotInOrder(int min, int average, int max, int level) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new FastCdcParameters(min, average, max, level, 0))
        .withMessageContaining("expected: 2 <= min <= average <= max <=");
  }

  @ParameterizedTest
  @CsvSource({"256,-1", "256,4", "16777216,2"})
  void shouldRefuseALevelThatHasNoMasks(int average, int level) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new FastCdcParameters(64, average, 1 << 25, level, 0))
        .withMessageContaining("masks of 5 to 25 bits");
  }
}
