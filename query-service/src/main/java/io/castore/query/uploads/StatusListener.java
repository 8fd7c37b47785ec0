package io.castore.query.uploads;

import io.castore.pipeline.records.UploadId;
import io.castore.proto.pipeline.UploadStatus;

/** Learns what becomes of uploads. */
@FunctionalInterface
interface StatusListener {
  /**
   * Takes the newest status of an upload; the same one may come twice. Called by the one thread
   * that reads the topic, which must not be held up. An exception ends the topology.
   */
  void changed(UploadId id, UploadStatus status);
}
