package io.castore.query.uploads;

import io.castore.pipeline.topics.Topics;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.state.Stores;

/**
 * The topology that keeps the status of every upload at hand, in each process that serves queries.
 *
 * <pre>
 *   upload-status ──► read-status ──► keep-status ╌╌► who listens
 *                                     [uploads]
 * </pre>
 *
 * <p>The store is a global one: filled from all partitions, and written to the disk only, since the
 * topic itself is what it is made of.
 */
final class UploadTopology {
  static final String READ_STATUS = "read-status";
  static final String KEEP_STATUS = "keep-status";
  static final String UPLOADS = "uploads";

  private UploadTopology() {}

  /**
   * Builds the topology.
   *
   * @param listener is told of each status once it can be read from the store
   */
  static Topology build(Topics topics, StatusListener listener) {
    return new Topology()
        .addGlobalStore(
            Stores.keyValueStoreBuilder(
                    Stores.persistentKeyValueStore(UPLOADS),
                    topics.uploadStatus().keys(),
                    topics.uploadStatus().values())
                .withLoggingDisabled(),
            READ_STATUS,
            // Bytes, so that a record that cannot be read is passed over, and does not end it all.
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer(),
            topics.uploadStatus().name(),
            KEEP_STATUS,
            () -> new KeepStatus(topics.uploadStatus(), listener));
  }
}
