package io.castore.query.uploads;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.castore.proto.pipeline.UploadStatus;
import io.castore.proto.pipeline.UploadStatus.State;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class UploadTimelineTest {
  private final UploadTimelines timelines = new UploadTimelines();

  @Test
  void shouldTellWhenEachStepWasSeen() {
    UploadStatus last = status(State.FAILED, 40, 5);
    timelines.add(Uploads.id(1), status(State.OPEN, 10, 0));
    timelines.add(Uploads.id(1), status(State.OPEN, 20, 3));
    timelines.add(Uploads.id(1), status(State.OPEN, 25, 5));
    timelines.add(Uploads.id(1), status(State.SEALED, 30, 5));
    timelines.add(Uploads.id(1), status(State.SEALED, 35, 5));
    timelines.add(Uploads.id(1), last);
    // An indexer that starts tells once more how uploads ended.
    timelines.add(Uploads.id(1), status(State.FAILED, 99, 5));

    assertThat(events(last))
        .containsExactly(
            "opened 1970-01-01T00:00:00.005Z",
            "first-chunk 1970-01-01T00:00:00.020Z",
            "sealed 1970-01-01T00:00:00.030Z",
            "ended 1970-01-01T00:00:00.040Z");
    assertThat(json(last).path("whole").asBoolean()).isTrue();
  }

  @Test
  void shouldTellNoStepOfAnUploadThatItSawTooLate() {
    UploadStatus complete = status(State.COMPLETE, 40, 5);

    assertThat(events(complete))
        .containsExactly("opened 1970-01-01T00:00:00.005Z", "ended 1970-01-01T00:00:00.040Z");
    assertThat(json(complete).path("whole").asBoolean()).isFalse();
  }

  @Test
  void shouldRememberTheUploadsThatChangedLast() {
    timelines.add(Uploads.id(1), status(State.OPEN, 10, 3));
    timelines.add(Uploads.id(2), status(State.OPEN, 10, 3));
    for (int i = 3; i < UploadTimelines.MOST_UPLOADS + 2; i++) {
      timelines.add(Uploads.id(i), status(State.OPEN, 10, 0));
      timelines.add(Uploads.id(1), status(State.OPEN, 11, 3));
    }

    UploadStatus end = status(State.ABORTED, 50, 3);
    assertThat(timelines.of(new Upload(Uploads.id(1), end)).isWhole()).isTrue();
    assertThat(timelines.of(new Upload(Uploads.id(2), end)).isWhole()).isFalse();
  }

  private JsonNode json(UploadStatus status) {
    Upload upload = new Upload(Uploads.id(1), status);
    return timelines.of(upload).json(upload.id(), status);
  }

  private List<String> events(UploadStatus status) {
    List<String> events = new ArrayList<>();
    json(status)
        .path("events")
        .forEach(event -> events.add(event.get("event").asText() + " " + event.get("at").asText()));
    return events;
  }

  private static UploadStatus status(State state, long updatedAtMs, long chunks) {
    return UploadStatus.newBuilder()
        .setState(state)
        .setOpenedAtMs(5)
        .setUpdatedAtMs(updatedAtMs)
        .setChunksReceived(chunks)
        .build();
  }
}
