package io.castore.query.uploads;

import static org.assertj.core.api.Assertions.assertThat;

import io.castore.proto.pipeline.UploadStatus.State;
import org.junit.jupiter.api.Test;

final class UploadJsonTest {
  @Test
  void shouldTellEverythingOfACompleteUpload() {
    assertThat(UploadJson.of(Uploads.id(1), Uploads.complete()))
        .hasToString(
            "{\"upload_id\":\"%s\",".formatted(Uploads.id(1))
                + "\"state\":\"COMPLETE\",\"source\":\"file:/a\","
                + "\"updated_at\":\"2027-01-15T08:00:00.003Z\",\"chunks_received\":1,"
                + "\"bytes_received\":5,\"new_chunks\":0,\"new_bytes\":0,"
                + "\"opened_at\":\"2027-01-15T08:00:00Z\",\"digest\":\"%s\","
                    .formatted("00".repeat(32))
                + "\"size\":5,\"chunks\":1}");
  }

  @Test
  void shouldLeaveOutWhatIsNotKnown() {
    assertThat(
            UploadJson.of(
                Uploads.id(1),
                Uploads.status(State.FAILED, "").toBuilder()
                    .setOpenedAtMs(0)
                    .setReason("why")
                    .build()))
        .hasToString(
            "{\"upload_id\":\"%s\",".formatted(Uploads.id(1))
                + "\"state\":\"FAILED\",\"source\":\"\","
                + "\"updated_at\":\"2027-01-15T08:00:00.004Z\",\"chunks_received\":0,"
                + "\"bytes_received\":0,\"new_chunks\":0,\"new_bytes\":0,\"reason\":\"why\"}");
  }
}
