package io.castore.pipeline.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

final class PartitionBytesTest {
  private static final long USUAL = 100;
  private static final long LARGEST = 1000;

  private final PartitionBytes bytes = new PartitionBytes(USUAL, LARGEST);

  @Test
  void shouldCountUsualRecordsWhileItKnowsNothing() {
    assertThat(bytes.between(10, 15)).isEqualTo(5 * USUAL);
    assertThat(bytes.offsetBefore(0, 50, 10 * USUAL)).isEqualTo(40);
  }

  @Test
  void shouldShareTheFirstSightingAmongItsRecords() {
    bytes.observe(100, 200, 5_000);

    assertThat(bytes.between(100, 200)).isEqualTo(5_000);
    assertThat(bytes.between(150, 160)).isEqualTo(500);
    assertThat(bytes.between(200, 210)).isEqualTo(500);
  }

  @Test
  void shouldTellLargeRecordsFromSmallOnes() {
    bytes.observe(0, 0, 0);
    bytes.observe(0, 100, 50_000);
    bytes.observe(0, 1_100, 60_000);

    assertThat(bytes.between(0, 100)).isEqualTo(50_000);
    assertThat(bytes.between(100, 1_100)).isEqualTo(10_000);
    assertThat(bytes.offsetBefore(0, 1_100, 35_000)).isEqualTo(50);
  }

  @Test
  void shouldNotTakeTrimmedRecordsOfASegmentForOthers() {
    bytes.observe(0, 100, 10_000);
    for (long start = 10; start <= 90; start += 10) {
      bytes.observe(start, 100, 10_000);
    }

    assertThat(bytes.between(90, 100)).isEqualTo(1_000);
  }

  @Test
  void shouldCountNoRecordForMoreThanTheLargest() {
    bytes.observe(90, 100, 1_000_000);

    assertThat(bytes.between(90, 100)).isEqualTo(10 * LARGEST);
  }

  @Test
  void shouldKeepToWhatItKnowsWhereASegmentWasDeleted() {
    bytes.observe(0, 100, 10_000);
    bytes.observe(60, 120, 6_000);

    assertThat(bytes.between(100, 120)).isEqualTo(2_000);
  }

  @Test
  void shouldBeginAnewWhereTheTopicDid() {
    bytes.observe(0, 100, 10_000);
    bytes.observe(0, 10, 5_000);

    assertThat(bytes.between(0, 10)).isEqualTo(5_000);

    bytes.observe(500, 510, 100);
    assertThat(bytes.between(500, 510)).isEqualTo(100);
  }

  @Property
  void shouldKnowAllBytesHoweverOftenItLooked(
      @ForAll @Size(max = 300) List<@LongRange(min = 0, max = 900) Long> recordBytes,
      @ForAll @IntRange(min = 1, max = 7) int every) {
    PartitionBytes watched = new PartitionBytes(USUAL, LARGEST);
    long size = 0;
    watched.observe(0, 0, 0);
    for (int end = 1; end <= recordBytes.size(); end++) {
      size += 1 + recordBytes.get(end - 1);
      if (end % every == 0 || end == recordBytes.size()) {
        watched.observe(0, end, size);
      }
    }

    assertThat(watched.between(0, recordBytes.size())).isBetween(size - 1, size + 1);
    long half = size / 2;
    long offset = watched.offsetBefore(0, recordBytes.size(), half);
    assertThat(watched.between(offset, recordBytes.size())).isLessThanOrEqualTo(half);
  }
}
