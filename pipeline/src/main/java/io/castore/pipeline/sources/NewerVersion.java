package io.castore.pipeline.sources;

import com.google.protobuf.ByteString;
import io.castore.proto.pipeline.SourceEntry;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * Decides which of two complete uploads of one source has the newer version of it. Where the source
 * orders its versions itself, by sequencers, that counts; otherwise the upload that was opened
 * later. Of two that were opened at the same time, the one with the greater id is the newer.
 */
final class NewerVersion {
  private static final Comparator<SourceEntry> BY_TIME =
      Comparator.comparingLong(SourceEntry::getOpenedAtMs)
          .thenComparing(SourceEntry::getUploadId, ByteString.unsignedLexicographicalComparator());

  private NewerVersion() {}

  /**
   * Whether an upload's entry is to be written over another one. An upload's own entry is: when it
   * comes again, it may never have been written.
   *
   * @param known what the source has, null where that is nothing
   */
  static boolean replaces(SourceEntry update, @Nullable SourceEntry known) {
    return known == null || compare(update, known) >= 0;
  }

  private static int compare(SourceEntry one, SourceEntry other) {
    String oneSequencer = one.getVersion().getSequencer();
    String otherSequencer = other.getVersion().getSequencer();
    if (!oneSequencer.isEmpty() && !otherSequencer.isEmpty()) {
      int length = Math.max(oneSequencer.length(), otherSequencer.length());
      int order = padded(oneSequencer, length).compareToIgnoreCase(padded(otherSequencer, length));
      if (order != 0) {
        return order;
      }
    }
    return BY_TIME.compare(one, other);
  }

  private static String padded(String sequencer, int length) {
    return sequencer + "0".repeat(length - sequencer.length());
  }
}
