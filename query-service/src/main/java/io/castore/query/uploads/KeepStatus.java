package io.castore.query.uploads;

import io.castore.pipeline.records.UploadId;
import io.castore.pipeline.topics.Topic;
import io.castore.proto.pipeline.UploadStatus;
import java.util.Objects;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts each status into the store, then tells of it. A record that is no status is passed over with
 * a line in the log: it stays in its topic.
 *
 * <p>Belongs to one thread.
 */
final class KeepStatus implements Processor<byte[], byte[], Void, Void> {
  private static final Logger log = LoggerFactory.getLogger(KeepStatus.class);

  private final Topic<UploadId, UploadStatus> topic;
  private final StatusListener listener;
  private @Nullable ProcessorContext<Void, Void> context;
  private @Nullable KeyValueStore<UploadId, UploadStatus> uploads;

  KeepStatus(Topic<UploadId, UploadStatus> topic, StatusListener listener) {
    this.topic = topic;
    this.listener = listener;
  }

  @Override
  public void init(ProcessorContext<Void, Void> context) {
    this.context = context;
    this.uploads = context.getStateStore(UploadTopology.UPLOADS);
  }

  @Override
  public void process(Record<byte[], byte[]> record) {
    UploadId id;
    UploadStatus status;
    try {
      id = topic.keys().deserializer().deserialize(topic.name(), record.key());
      status = topic.values().deserializer().deserialize(topic.name(), record.value());
    } catch (SerializationException unreadable) {
      passOver(String.valueOf(unreadable.getMessage()));
      return;
    }
    if (id == null) {
      passOver("it has no key");
      return;
    }
    KeyValueStore<UploadId, UploadStatus> store = Objects.requireNonNull(uploads);
    if (status == null) {
      store.delete(id);
      return;
    }
    store.put(id, status);
    listener.changed(id, status);
  }

  private void passOver(String why) {
    Objects.requireNonNull(context)
        .recordMetadata()
        .ifPresent(
            at ->
                log.warn(
                    "The record at offset {} of {}-{} is no status of an upload: {}",
                    at.offset(),
                    at.topic(),
                    at.partition(),
                    why));
  }
}
