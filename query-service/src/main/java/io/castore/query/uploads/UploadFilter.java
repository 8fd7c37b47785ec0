package io.castore.query.uploads;

import io.castore.proto.pipeline.UploadStatus;
import io.castore.proto.pipeline.UploadStatus.State;
import java.util.Set;

/**
 * Which uploads are asked for.
 *
 * @param states in one of which an upload has to be; empty for any
 * @param source what the name of its source has to start with; empty for any
 */
record UploadFilter(Set<State> states, String source) {
  static final UploadFilter ALL = new UploadFilter(Set.of(), "");

  UploadFilter {
    states = Set.copyOf(states);
  }

  boolean matches(UploadStatus status) {
    return (states.isEmpty() || states.contains(status.getState()))
        && status.getSource().startsWith(source);
  }
}
