package io.castore.audit.repair;

import io.castore.content.layout.BucketObject;

/**
 * What became of one damaged or missing object.
 *
 * @param object which one
 * @param result what was done
 * @param reason more of it, for people; empty where there is nothing to say
 */
public record RepairOutcome(BucketObject object, Result result, String reason) {
  /** What was done. */
  public enum Result {
    /** It is as it should be now. */
    MENDED,
    /** It was as it should be when it was looked at again. */
    WAS_WHOLE,
    /** Its bytes are nowhere in the log. The next upload that brings them stores them. */
    FORGOTTEN,
    /** Nothing could be done. */
    LEFT
  }

  /** Whether the object is as it should be. */
  public boolean isWhole() {
    return switch (result) {
      case MENDED, WAS_WHOLE -> true;
      case FORGOTTEN, LEFT -> false;
    };
  }
}
