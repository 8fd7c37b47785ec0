package io.castore.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.castore.pipeline.records.UploadId;
import io.castore.proto.pipeline.UploadStatus;
import io.castore.proto.pipeline.UploadStatus.State;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class UploadsInFlightTest {
  private final UploadsInFlight uploads = new UploadsInFlight();
  private final Recording ending = new Recording();
  private final UploadId id = UploadId.random();

  @ParameterizedTest
  @EnumSource(names = {"COMPLETE", "FAILED", "ABORTED", "EXPIRED"})
  void shouldTellTheEndOnce(State state) {
    uploads.begin(id, ending);

    uploads.heard(id, status(state));
    uploads.heard(id, status(State.FAILED));

    assertThat(ending.states).containsExactly(state);
    assertThat(uploads.ids()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(names = {"OPEN", "SEALED", "STATE_UNSPECIFIED"})
  void shouldAwaitTheEnd(State state) {
    uploads.begin(id, ending);

    uploads.heard(id, status(state));

    assertThat(ending.states).isEmpty();
    assertThat(ending.advances).containsExactly(state);
    assertThat(uploads.ids()).containsExactly(id);
  }

  @Test
  void shouldIgnoreTheUploadsOfOthers() {
    uploads.begin(id, ending);

    uploads.heard(UploadId.random(), status(State.COMPLETE));

    assertThat(uploads.ids()).containsExactly(id);
  }

  @Test
  void shouldTellWhoseChunksAreWanted() {
    Recording other = new Recording();
    uploads.begin(id, ending);
    uploads.begin(UploadId.random(), other);

    uploads.requested(id, List.of(1L, 2L));
    uploads.requested(UploadId.random(), List.of(3L));

    assertThat(ending.requests).containsExactly(1L, 2L);
    assertThat(other.requests).isEmpty();
  }

  @Test
  void shouldForgetAnUpload() {
    uploads.begin(id, ending);

    assertThat(uploads.isAwaited(id)).isTrue();
    uploads.forget(id);
    assertThat(uploads.isAwaited(id)).isFalse();
    uploads.heard(id, status(State.COMPLETE));

    assertThat(ending.states).isEmpty();
  }

  @Test
  void shouldEndAll() {
    Recording other = new Recording();
    uploads.begin(id, ending);
    uploads.begin(UploadId.random(), other);

    uploads.endAll(status(State.ABORTED));

    assertThat(ending.states).containsExactly(State.ABORTED);
    assertThat(other.states).containsExactly(State.ABORTED);
    assertThat(uploads.ids()).isEmpty();
  }

  @Test
  void shouldLoseAll() {
    PipelineUnavailableException gone = new PipelineUnavailableException("gone", null);
    uploads.begin(id, ending);

    uploads.loseAll(gone);
    uploads.loseAll(gone);

    assertThat(ending.losses).containsExactly(gone);
    assertThat(uploads.ids()).isEmpty();
  }

  private static UploadStatus status(State state) {
    return UploadStatus.newBuilder().setState(state).build();
  }

  private static final class Recording implements UploadsInFlight.Listener {
    private final List<State> advances = new ArrayList<>();
    private final List<Long> requests = new ArrayList<>();
    private final List<State> states = new ArrayList<>();
    private final List<PipelineUnavailableException> losses = new ArrayList<>();

    @Override
    public void advanced(UploadStatus status) {
      advances.add(status.getState());
    }

    @Override
    public void requested(List<Long> seqs) {
      requests.addAll(seqs);
    }

    @Override
    public void ended(UploadStatus status) {
      states.add(status.getState());
    }

    @Override
    public void lost(PipelineUnavailableException failure) {
      losses.add(failure);
    }
  }
}
