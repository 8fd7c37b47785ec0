package io.castore.pipeline.records;

import io.castore.proto.pipeline.UploadEvent;
import io.castore.proto.pipeline.UploadEvent.Opened;
import io.castore.proto.pipeline.UploadEvent.Sealed;

/** What a record of the topic {@code uploads} says, whether it says one thing or two at once. */
public final class UploadEvents {
  private UploadEvents() {}

  /** Whether the source was read to its end. */
  public static boolean isSealed(UploadEvent event) {
    return event.hasSealed() || event.hasWhole();
  }

  /** Gives what the upload is opened with; the default instance where the event does not say. */
  public static Opened opened(UploadEvent event) {
    return event.hasWhole() ? event.getWhole().getOpened() : event.getOpened();
  }

  /** Gives what the upload is sealed with; the default instance where the event does not say. */
  public static Sealed sealed(UploadEvent event) {
    return event.hasWhole() ? event.getWhole().getSealed() : event.getSealed();
  }
}
