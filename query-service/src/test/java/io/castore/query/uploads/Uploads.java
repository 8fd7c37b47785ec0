package io.castore.query.uploads;

import com.google.protobuf.ByteString;
import io.castore.content.digest.Digest;
import io.castore.pipeline.records.UploadId;
import io.castore.proto.pipeline.UploadStatus;
import io.castore.proto.pipeline.UploadStatus.State;
import java.util.UUID;

/** Makes uploads for tests. */
final class Uploads {
  static final long NOW_MS = 1_800_000_000_000L;

  private Uploads() {}

  /** The n-th upload: each is made a second after the one before. */
  static UploadId id(int number) {
    return at(NOW_MS + 1000L * number, number);
  }

  /** An id of version 7 that was made at a time. */
  static UploadId at(long millis, int random) {
    return new UploadId(
        new UUID(millis << 16 | 0x7000, 0x8000_0000_0000_0000L | Integer.toUnsignedLong(random)));
  }

  static UploadStatus status(State state, String source) {
    return UploadStatus.newBuilder()
        .setState(state)
        .setSource(source)
        .setOpenedAtMs(NOW_MS)
        .setUpdatedAtMs(NOW_MS + state.getNumber())
        .build();
  }

  static UploadStatus open() {
    return status(State.OPEN, "file:/a");
  }

  static UploadStatus complete() {
    return status(State.COMPLETE, "file:/a").toBuilder()
        .setBlobDigest(ByteString.copyFrom(new byte[Digest.LENGTH]))
        .setSize(5)
        .setChunkCount(1)
        .setChunksReceived(1)
        .setBytesReceived(5)
        .build();
  }
}
