package io.castore.audit.verify;

import io.castore.audit.log.ListDigest;
import io.castore.audit.survey.ChunkCondition;
import io.castore.audit.survey.ChunkSurvey;
import io.castore.content.digest.Digest;
import io.castore.content.layout.ChunkRef;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** What a blob object's list is like, taken in entry by entry. Not thread-safe. */
final class ListGlance {
  private final ChunkSurvey survey;
  private final boolean asksSizes;
  private final ListDigest list = new ListDigest();
  private Digest first = Digest.EMPTY;
  private @Nullable Digest firstMissing;
  private @Nullable String sizeFault;
  private boolean anyTrouble;
  private boolean anyUnread;

  /**
   * Starts with an empty list.
   *
   * @param asksSizes whether the size of a chunk that was not read is asked for
   */
  ListGlance(ChunkSurvey survey, boolean asksSizes) {
    this.survey = survey;
    this.asksSizes = asksSizes;
  }

  void take(ChunkRef chunk) throws IOException {
    if (list.count() == 0) {
      first = chunk.digest();
    }
    ChunkCondition condition =
        asksSizes ? survey.sized(chunk.digest()) : survey.condition(chunk.digest());
    if (condition instanceof ChunkCondition.Whole whole) {
      compare(chunk, whole.size());
    } else if (condition instanceof ChunkCondition.Unread unread) {
      anyUnread = true;
      if (unread.size() != ChunkCondition.Unread.UNKNOWN) {
        compare(chunk, unread.size());
      }
    } else {
      anyTrouble = true;
      if (condition instanceof ChunkCondition.Missing && firstMissing == null) {
        firstMissing = chunk.digest();
      }
    }
    list.add(chunk);
  }

  private void compare(ChunkRef chunk, int size) {
    if (size != chunk.size() && sizeFault == null) {
      sizeFault =
          "size of chunk %d, %s: %d bytes (expected: %d, as the chunk has)"
              .formatted(list.count(), chunk.digest(), chunk.size(), size);
    }
  }

  long count() {
    return list.count();
  }

  long size() {
    return list.size();
  }

  Digest listDigest() {
    return list.finish();
  }

  /** The first entry's chunk; that of nothing where there is none. */
  Digest first() {
    return first;
  }

  /** The first chunk that is not in the store, or null where all are. */
  @Nullable Digest firstMissing() {
    return firstMissing;
  }

  /** What is wrong with the size of an entry, or null where that is not known to be so. */
  @Nullable String sizeFault() {
    return sizeFault;
  }

  /** Whether a chunk is missing or damaged. */
  boolean anyTrouble() {
    return anyTrouble;
  }

  /** Whether there is a chunk that was not read. */
  boolean anyUnread() {
    return anyUnread;
  }
}
