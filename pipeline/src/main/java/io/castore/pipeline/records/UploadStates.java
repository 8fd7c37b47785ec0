package io.castore.pipeline.records;

import io.castore.proto.pipeline.UploadStatus;

/** What the states of an upload mean for it. */
public final class UploadStates {
  private UploadStates() {}

  /** Whether an upload in this state has come to its end, and never leaves it. */
  public static boolean isFinal(UploadStatus.State state) {
    return switch (state) {
      case COMPLETE, FAILED, ABORTED, EXPIRED -> true;
      case OPEN, SEALED, STATE_UNSPECIFIED, UNRECOGNIZED -> false;
    };
  }
}
