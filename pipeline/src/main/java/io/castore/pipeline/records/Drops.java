package io.castore.pipeline.records;

import com.google.protobuf.ByteString;
import io.castore.proto.pipeline.RootRule;
import io.castore.proto.pipeline.RootRule.Drop;

/** When a drop counts, and what it says of the uploads of its blob. */
public final class Drops {
  private Drops() {}

  /**
   * Whether a rule takes the place of the one before it.
   *
   * @param isPinned whether the one before it is a pin
   */
  public static boolean counts(RootRule rule, boolean isPinned) {
    return !rule.hasDrop() || !isPinned || rule.getDrop().getLiftsPin();
  }

  /**
   * Whether a complete upload does not keep its blob any longer: it was told to be complete before
   * the blob was dropped, perhaps once more since.
   *
   * @param partition where its newest status stands in {@code upload-status}
   * @param offset its offset there
   */
  public static boolean covers(Drop drop, UploadId upload, int partition, long offset) {
    boolean wasToldBefore =
        partition < drop.getStatusEndsCount() && offset < drop.getStatusEnds(partition);
    return wasToldBefore || drop.getUploadIdsList().contains(ByteString.copyFrom(upload.toBytes()));
  }
}
