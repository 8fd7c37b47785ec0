package io.castore.gc;

import com.google.protobuf.ByteString;
import io.castore.pipeline.records.Drops;
import io.castore.pipeline.records.UploadId;
import io.castore.proto.pipeline.RootRule.Drop;
import java.util.ArrayList;
import java.util.List;

/** Names the uploads that a blob is dropped with, the newest of them. */
final class DroppedUploads {
  private static final int MOST_NAMED = Drops.MOST_NAMED;

  private DroppedUploads() {}

  /** Adds one that is newer than those before. */
  static void add(Drop.Builder drop, UploadId upload) {
    if (drop.getUploadIdsCount() == MOST_NAMED) {
      List<ByteString> newest =
          new ArrayList<>(drop.getUploadIdsList().subList(MOST_NAMED / 2, MOST_NAMED));
      drop.clearUploadIds().addAllUploadIds(newest);
    }
    drop.addUploadIds(ByteString.copyFrom(upload.toBytes()));
  }
}
