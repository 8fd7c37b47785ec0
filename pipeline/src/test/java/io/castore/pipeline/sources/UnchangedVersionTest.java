package io.castore.pipeline.sources;

import static org.assertj.core.api.Assertions.assertThat;

import io.castore.proto.pipeline.SourceVersion;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class UnchangedVersionTest {
  private static final long WRITTEN_AT_MS = 1_700_000_000_000L;
  private static final long WRITTEN_AT_NS = TimeUnit.MILLISECONDS.toNanos(WRITTEN_AT_MS);
  private static final SourceVersion SEEN =
      SourceVersion.newBuilder()
          .setSize(7)
          .setModifiedAtNs(WRITTEN_AT_NS)
          .setInode(42)
          .setChangedAtNs(WRITTEN_AT_NS + 1)
          .build();
  private static final SourceVersion KNOWN =
      SEEN.toBuilder().setReadAtMs(WRITTEN_AT_MS + 2_001).build();
  private static final SourceVersion OBJECT =
      SourceVersion.newBuilder().setSize(7).setEtag("e").setModifiedAtNs(1).build();

  @Test
  void shouldTrustAFileThatIsInEveryFactWhatWasRead() {
    assertThat(UnchangedVersion.isSame(KNOWN, SEEN)).isTrue();
  }

  @Test
  void shouldSeeEachChangeOfAFile() {
    assertThat(UnchangedVersion.isSame(KNOWN, SEEN.toBuilder().setSize(8).build())).isFalse();
    assertThat(
            UnchangedVersion.isSame(
                KNOWN, SEEN.toBuilder().setModifiedAtNs(WRITTEN_AT_NS + 1).build()))
        .isFalse();
    assertThat(UnchangedVersion.isSame(KNOWN, SEEN.toBuilder().setInode(43).build())).isFalse();
    assertThat(
            UnchangedVersion.isSame(
                KNOWN, SEEN.toBuilder().setChangedAtNs(WRITTEN_AT_NS + 2).build()))
        .isFalse();
  }

  @Test
  void shouldNotTrustAFileThatWasWrittenToShortlyBeforeItWasRead() {
    SourceVersion hasty = KNOWN.toBuilder().setReadAtMs(WRITTEN_AT_MS + 2_000).build();

    assertThat(UnchangedVersion.isSame(hasty, SEEN)).isFalse();
  }

  @Test
  void shouldNotTrustAFileWhoseTimeIsThatOfAnOldOneButThatWasMovedThereLately() {
    SourceVersion movedLately =
        KNOWN.toBuilder()
            .setChangedAtNs(TimeUnit.MILLISECONDS.toNanos(KNOWN.getReadAtMs() - 1))
            .build();
    SourceVersion seen = movedLately.toBuilder().clearReadAtMs().build();

    assertThat(UnchangedVersion.isSame(movedLately, seen)).isFalse();
  }

  @Test
  void shouldNotTrustAFileWhoseTimeIsInTheFuture() {
    long later = TimeUnit.MILLISECONDS.toNanos(KNOWN.getReadAtMs() + 60_000);
    SourceVersion future = KNOWN.toBuilder().setModifiedAtNs(later).build();

    assertThat(UnchangedVersion.isSame(future, SEEN.toBuilder().setModifiedAtNs(later).build()))
        .isFalse();
  }

  @Test
  void shouldNotTrustWhatWasNotedBeforeThereWereInodes() {
    SourceVersion old =
        SourceVersion.newBuilder().setSize(7).setModifiedAtNs(WRITTEN_AT_NS).build();

    assertThat(UnchangedVersion.isSame(old, SEEN)).isFalse();
    assertThat(UnchangedVersion.isSame(old, old)).isFalse();
    assertThat(
            UnchangedVersion.isSame(
                SourceVersion.getDefaultInstance(), SourceVersion.getDefaultInstance()))
        .isFalse();
  }

  @Test
  void shouldDoWithoutInodesWhereTheSystemHasNone() {
    SourceVersion seen = SEEN.toBuilder().clearInode().clearChangedAtNs().build();

    assertThat(
            UnchangedVersion.isSame(
                seen.toBuilder().setReadAtMs(WRITTEN_AT_MS + 2_000).build(), seen))
        .isTrue();
  }

  @Test
  void shouldTellObjectsByTheirETagAndSize() {
    assertThat(UnchangedVersion.isSame(OBJECT, OBJECT.toBuilder().setModifiedAtNs(2).build()))
        .isTrue();
    assertThat(UnchangedVersion.isSame(OBJECT, OBJECT.toBuilder().setEtag("f").build())).isFalse();
    assertThat(UnchangedVersion.isSame(OBJECT, OBJECT.toBuilder().setSize(8).build())).isFalse();
    assertThat(UnchangedVersion.isSame(OBJECT, OBJECT.toBuilder().clearEtag().build())).isFalse();
  }
}
