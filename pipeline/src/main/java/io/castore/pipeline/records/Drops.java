package io.castore.pipeline.records;

import com.google.protobuf.ByteString;
import io.castore.proto.pipeline.RootRule;
import io.castore.proto.pipeline.RootRule.Drop;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** When a drop counts, and what it says of the uploads of its blob. */
public final class Drops {
  /** How many uploads a drop names at the most. */
  public static final int MOST_NAMED = 1_000;

  private Drops() {}

  /**
   * Tells which rule counts after one more was written.
   *
   * <p>A drop does not count right behind a pin that its writer had not seen. Nor does it take back
   * what the drop before it says: its writer may have read less of {@code upload-status} by then,
   * and what was dropped may be gone.
   *
   * @param known the rule that counted before, if there was one
   * @return the new one itself, the known one itself, or one that says what both say
   */
  public static RootRule latest(@Nullable RootRule known, RootRule rule) {
    if (known == null || !rule.hasDrop()) {
      return rule;
    }
    if (known.hasPin()) {
      return rule.getDrop().getLiftsPin() ? rule : known;
    }
    return sawAsMuch(rule.getDrop(), known.getDrop())
        ? rule
        : RootRule.newBuilder().setDrop(merged(known.getDrop(), rule.getDrop())).build();
  }

  private static boolean sawAsMuch(Drop drop, Drop before) {
    for (int partition = 0; partition < before.getStatusEndsCount(); partition++) {
      if (end(drop, partition) < before.getStatusEnds(partition)) {
        return false;
      }
    }
    return true;
  }

  private static long end(Drop drop, int partition) {
    return partition < drop.getStatusEndsCount() ? drop.getStatusEnds(partition) : 0;
  }

  private static Drop merged(Drop before, Drop drop) {
    Drop.Builder merged =
        Drop.newBuilder()
            .setReason(drop.getReason())
            .setDroppedAtMs(Math.max(before.getDroppedAtMs(), drop.getDroppedAtMs()));
    int partitions = Math.max(before.getStatusEndsCount(), drop.getStatusEndsCount());
    for (int partition = 0; partition < partitions; partition++) {
      merged.addStatusEnds(Math.max(end(before, partition), end(drop, partition)));
    }
    Set<ByteString> uploads = new LinkedHashSet<>(before.getUploadIdsList());
    uploads.addAll(drop.getUploadIdsList());
    uploads.stream().skip(Math.max(0, uploads.size() - MOST_NAMED)).forEach(merged::addUploadIds);
    return merged.build();
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
