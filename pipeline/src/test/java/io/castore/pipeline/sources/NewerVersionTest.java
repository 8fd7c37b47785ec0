package io.castore.pipeline.sources;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.castore.proto.pipeline.SourceEntry;
import io.castore.proto.pipeline.SourceVersion;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.NumericChars;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

final class NewerVersionTest {
  @Test
  void shouldTakeTheFirst() {
    assertThat(NewerVersion.replaces(entry("", 1, 1), null)).isTrue();
  }

  @Test
  void shouldGoBySequencersWhereBothHaveOne() {
    assertThat(NewerVersion.replaces(entry("B", 1, 1), entry("A", 2, 2))).isTrue();
    assertThat(NewerVersion.replaces(entry("A", 2, 2), entry("B", 1, 1))).isFalse();
  }

  @Test
  void shouldPadTheShorterSequencer() {
    assertThat(NewerVersion.replaces(entry("0055AED6DCD90281E6", 1, 1), entry("0055AED6", 2, 2)))
        .isTrue();
    assertThat(NewerVersion.replaces(entry("1", 2, 2), entry("0055", 1, 1))).isTrue();
    assertThat(NewerVersion.replaces(entry("1000", 1, 1), entry("1", 2, 2))).isFalse();
    assertThat(NewerVersion.replaces(entry("1000", 2, 2), entry("1", 1, 1))).isTrue();
  }

  @Test
  void shouldGoByTimeWhereOneHasNoSequencer() {
    assertThat(NewerVersion.replaces(entry("", 2, 1), entry("B", 1, 2))).isTrue();
    assertThat(NewerVersion.replaces(entry("B", 1, 2), entry("", 2, 1))).isFalse();
  }

  @Test
  void shouldGoByTheUploadWhereTheTimeIsTheSame() {
    assertThat(NewerVersion.replaces(entry("", 1, 200), entry("", 1, 100))).isTrue();
    assertThat(NewerVersion.replaces(entry("", 1, 100), entry("", 1, 200))).isFalse();
  }

  @Property
  void shouldReplaceOneOfTwoAndAlwaysItself(
      @ForAll @NumericChars @AlphaChars @StringLength(max = 4) String sequencer,
      @ForAll @NumericChars @AlphaChars @StringLength(max = 4) String other,
      @ForAll @IntRange(max = 2) int openedAt,
      @ForAll @IntRange(max = 2) int otherOpenedAt) {
    SourceEntry one = entry(sequencer, openedAt, 1);
    SourceEntry two = entry(other, otherOpenedAt, 2);

    assertThat(NewerVersion.replaces(one, two)).isNotEqualTo(NewerVersion.replaces(two, one));
    assertThat(NewerVersion.replaces(one, one)).isTrue();
  }

  private static SourceEntry entry(String sequencer, long openedAtMs, int upload) {
    return SourceEntry.newBuilder()
        .setVersion(SourceVersion.newBuilder().setSequencer(sequencer))
        .setOpenedAtMs(openedAtMs)
        .setUploadId(ByteString.copyFrom(new byte[] {(byte) upload}))
        .build();
  }
}
