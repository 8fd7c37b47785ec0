package io.castore.audit.replay;

import io.castore.audit.replay.Difference.Kind;
import io.castore.pipeline.records.UploadId;
import io.castore.pipeline.records.UploadStates;
import io.castore.proto.pipeline.UploadStatus;
import io.castore.proto.pipeline.UploadStatus.State;
import java.io.IOException;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/** Holds the statuses of uploads against what their records say. Not thread-safe. */
final class UploadReplay {
  private final ReplayWindow window;
  private final Differences differences;
  private final Map<State, Long> states = new EnumMap<>(State.class);

  UploadReplay(ReplayWindow window, Differences differences) {
    this.window = window;
    this.differences = differences;
  }

  void compare(UploadId id, UploadFacts facts, Optional<UploadStatus> told) throws IOException {
    long timeMs = told.isPresent() ? told.get().getUpdatedAtMs() : id.createdAt().toEpochMilli();
    if (!window.contains(timeMs)) {
      return;
    }
    State state = told.map(UploadStatus::getState).orElse(State.OPEN);
    states.merge(state, 1L, Long::sum);
    if (told.isEmpty() || !UploadStates.isFinal(state)) {
      if (facts.mustEnd()) {
        differences.add(
            Kind.UPLOAD_UNFINISHED,
            id.toString(),
            "%s was told (expected soon: one of %s)".formatted(state, facts.possibleEnds()));
      }
      return;
    }
    compareEnd(id, facts, told.get());
  }

  private void compareEnd(UploadId id, UploadFacts facts, UploadStatus told) throws IOException {
    if (told.getState() == State.COMPLETE && facts.isLacking()) {
      differences.add(
          Kind.UPLOAD_CHUNKS,
          id.toString(),
          "receipts tell %d of %d chunks"
              .formatted(facts.chunks(), facts.sealed().getChunkCount()));
      return;
    }
    if (!facts.possibleEnds().contains(told.getState())) {
      differences.add(
          Kind.UPLOAD_STATE,
          id.toString(),
          "%s was told (expected: one of %s)".formatted(told.getState(), facts.possibleEnds()));
      return;
    }
    boolean isOtherContent =
        told.getState() == State.COMPLETE
            && !(told.getBlobDigest().equals(facts.sealed().getBlobDigest())
                && told.getSize() == facts.sealed().getSize()
                && told.getChunkCount() == facts.sealed().getChunkCount());
    if (isOtherContent) {
      differences.add(
          Kind.UPLOAD_STATE,
          id.toString(),
          "another digest, size or number of chunks was told than it was sealed with");
    }
  }

  /** How many uploads are in each state, as was told. */
  Map<State, Long> states() {
    return states;
  }
}
