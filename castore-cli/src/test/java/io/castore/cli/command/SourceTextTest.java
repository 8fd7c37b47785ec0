package io.castore.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.castore.content.digest.Digest;
import io.castore.pipeline.records.UploadId;
import io.castore.proto.pipeline.SourceEntry;
import io.castore.proto.pipeline.SourceVersion;
import org.junit.jupiter.api.Test;

final class SourceTextTest {
  private static final UploadId UPLOAD = UploadId.random();
  private static final SourceEntry ENTRY =
      SourceEntry.newBuilder()
          .setBlobDigest(ByteString.copyFrom(Digest.EMPTY.toBytes()))
          .setSize(1234)
          .setUploadId(ByteString.copyFrom(UPLOAD.toBytes()))
          .setCompletedAtMs(1_800_000_000_000L)
          .build();

  @Test
  void shouldEscapeNamesAsListsDo() {
    assertThat(SourceText.line("s3://bucket/a b", ENTRY))
        .isEqualTo(Digest.EMPTY + "  s3://bucket/a b");
    assertThat(SourceText.line("odd\nname", ENTRY)).isEqualTo("\\" + Digest.EMPTY + "  odd\\nname");
  }

  @Test
  void shouldShowSizeAndTimeBetween() {
    assertThat(SourceText.longLine("s3://bucket/a", ENTRY))
        .isEqualTo(Digest.EMPTY + "      1.2 kB  2027-01-15T08:00:00Z  s3://bucket/a");
  }

  @Test
  void shouldTellProgramsAll() {
    SourceVersion version =
        SourceVersion.newBuilder()
            .setEtag("abc")
            .setSize(1234)
            .setModifiedAtNs(1)
            .setSequencer("0A")
            .build();

    assertThat(SourceText.json("a", ENTRY.toBuilder().setVersion(version).build(), true).toString())
        .isEqualTo(
            ("{'source':'a','digest':'%s','size':1234,'upload_id':'%s',"
                    + "'completed_at':'2027-01-15T08:00:00Z','version':{'size':1234,'etag':'abc',"
                    + "'modified_at_ns':1,'sequencer':'0A'},'removed':true}")
                .formatted(Digest.EMPTY, UPLOAD)
                .replace('\'', '"'));
  }

  @Test
  void shouldLeaveOutWhatIsNotKnown() {
    assertThat(SourceText.json("a", ENTRY, false).has("version")).isFalse();
    assertThat(SourceText.json("a", ENTRY, false).has("removed")).isFalse();
  }
}
