package io.castore.content.chunking;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;

/** Holds {@link FastCdc} equal to {@link ReferenceFastCdc}. */
final class FastCdcReferenceTest {
  /**
   * Sizes at which chunks end often, so that every place of a step and of a region has its turn.
   */
  @Property(tries = 1000)
  void shouldCutWhereTheReferenceDoesAtSizesBelowCastores(
      @ForAll long contentSeed,
      @ForAll ContentKind kind,
      @ForAll @IntRange(max = 5000) int length,
      @ForAll @IntRange(min = 2, max = 300) int min,
      @ForAll @IntRange(min = 300, max = 700) int average,
      @ForAll @IntRange(min = 700, max = 3000) int max,
      @ForAll @IntRange(max = 3) int level,
      @ForAll boolean seeded,
      @ForAll long gearSeed) {
    FastCdcParameters parameters =
        new FastCdcParameters(min, average, max, level, seeded ? gearSeed : 0);

    assertSameCuts(parameters, kind.generate(new Random(contentSeed), length));
  }

  @Property(tries = 200)
  void shouldCutWhereTheReferenceDoesAtEveryAverage(
      @ForAll long contentSeed,
      @ForAll ContentKind kind,
      @ForAll @DoubleRange(min = 9, max = 21) double log2OfAverage,
      @ForAll @IntRange(max = 3) int level,
      @ForAll boolean seeded,
      @ForAll long gearSeed) {
    ChunkSizes sizes = new ChunkSizes((int) Math.round(Math.pow(2, log2OfAverage)));
    FastCdcParameters parameters =
        new FastCdcParameters(
            sizes.minBytes(), sizes.averageBytes(), sizes.maxBytes(), level, seeded ? gearSeed : 0);

    assertSameCuts(
        parameters, kind.generate(new Random(contentSeed), 2 * sizes.maxBytes() + level));
  }

  @Property(tries = 200)
  void shouldCutWhereTheReferenceDoesHoweverMuchRemains(
      @ForAll long contentSeed,
      @ForAll ContentKind kind,
      @ForAll @IntRange(max = 100) int offset,
      @ForAll @IntRange(min = 2, max = 64) int min,
      @ForAll @IntRange(min = 64, max = 200) int average,
      @ForAll @IntRange(min = 200, max = 400) int max) {
    FastCdcParameters parameters = new FastCdcParameters(min, average, max, 1, 0);
    FastCdc fastCdc = new FastCdc(parameters);
    ReferenceFastCdc reference = new ReferenceFastCdc(parameters);
    byte[] content = kind.generate(new Random(contentSeed), 600);

    for (int remaining = 0; remaining <= max + 2; remaining++) {
      assertThat(fastCdc.cut(content, offset, remaining))
          .isEqualTo(reference.cut(content, offset, remaining));
    }
  }

  private static void assertSameCuts(FastCdcParameters parameters, byte[] content) {
    FastCdc fastCdc = new FastCdc(parameters);
    ReferenceFastCdc reference = new ReferenceFastCdc(parameters);
    for (int at = 0; at < content.length; ) {
      int cut = fastCdc.cut(content, at, content.length - at);
      assertThat(cut).isEqualTo(reference.cut(content, at, content.length - at));
      at += cut;
    }
  }
}
