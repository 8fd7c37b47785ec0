package io.castore.index;

import io.castore.content.digest.Digest;
import io.castore.pipeline.records.UploadId;
import io.castore.proto.pipeline.UploadEvent.PartitionRange;
import java.util.List;
import java.util.Optional;

/** The topic {@code chunks}, read again. */
@FunctionalInterface
interface ChunkReplay {
  /**
   * Opens what an upload has in the topic. What was trimmed meanwhile is not there.
   *
   * @param ranges where its records stand, among others'
   */
  Reading open(UploadId upload, List<PartitionRange> ranges);

  /** Reads on. Used by one thread at a time. */
  interface Reading extends AutoCloseable {
    /**
     * Gives the next few records of the upload, or none where others' stood in between.
     *
     * @return empty at the end
     */
    Optional<List<Entry>> next();

    @Override
    void close();
  }

  /** A chunk record without its payload. */
  record Entry(long seq, Digest digest, int rawSize) {}
}
