package io.castore.feeds;

import io.castore.pipeline.cluster.TopicTail;
import io.castore.pipeline.config.CastoreConfig;
import io.castore.pipeline.records.UploadEvents;
import io.castore.pipeline.records.UploadId;
import io.castore.pipeline.topics.Topic;
import io.castore.proto.pipeline.SourceEntry;
import io.castore.proto.pipeline.UploadEvent;
import io.castore.proto.pipeline.UploadEvent.Opened;
import io.castore.proto.pipeline.UploadEvent.Sealed;
import io.castore.proto.pipeline.UploadStatus;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serializer;

/**
 * Says what the pipeline would: that each upload which was sent whole is complete, at once or when
 * it is let go on.
 */
public final class StandInPipeline implements AutoCloseable {
  private final CastoreConfig config;
  private final TopicTail<UploadId, UploadEvent> uploads;
  private final KafkaProducer<byte[], byte[]> producer;
  private final Map<UploadId, Opened> opened = new HashMap<>();
  private final List<String> complete = new CopyOnWriteArrayList<>();
  private final List<Runnable> held = new ArrayList<>();
  private final Thread thread = new Thread(this::run, "stand-in-pipeline");
  private boolean holding;
  private int sealed;

  private StandInPipeline(CastoreConfig config) {
    this.config = config;
    uploads = new TopicTail<>(config, config.topics().uploads());
    producer =
        new KafkaProducer<>(
            config.kafkaClient(), new ByteArraySerializer(), new ByteArraySerializer());
    thread.start();
  }

  public static StandInPipeline start(CastoreConfig config) {
    return new StandInPipeline(config);
  }

  /** Completes nothing more for now. */
  public synchronized void hold() {
    holding = true;
  }

  /** Completes what was sent meanwhile, and goes on. */
  public synchronized void goOn() {
    holding = false;
    held.forEach(Runnable::run);
    held.clear();
  }

  /** Tells how many uploads were sent whole. */
  public synchronized int sealed() {
    return sealed;
  }

  /** Gives the names of the sources that were completed, in that order. */
  public List<String> complete() {
    return List.copyOf(complete);
  }

  private void run() {
    try {
      while (true) {
        uploads.<RuntimeException>readMore(this::take);
      }
    } catch (WakeupException closed) {
      // By close().
    }
  }

  private synchronized void take(UploadId id, UploadEvent event) {
    if (event.hasOpened() || event.hasWhole()) {
      opened.put(id, UploadEvents.opened(event));
    }
    if (UploadEvents.isSealed(event)) {
      sealed++;
      Runnable completion =
          () -> complete(id, Objects.requireNonNull(opened.get(id)), UploadEvents.sealed(event));
      if (holding) {
        held.add(completion);
      } else {
        completion.run();
      }
    }
  }

  private void complete(UploadId id, Opened source, Sealed content) {
    complete.add(source.getSource());
    long now = System.currentTimeMillis();
    send(
        config.topics().sources(),
        source.getSource(),
        SourceEntry.newBuilder()
            .setVersion(source.getVersion())
            .setBlobDigest(content.getBlobDigest())
            .setSize(content.getSize())
            .setOpenedAtMs(source.getOpenedAtMs())
            .setCompletedAtMs(now)
            .build());
    send(
        config.topics().uploadStatus(),
        id,
        UploadStatus.newBuilder()
            .setState(UploadStatus.State.COMPLETE)
            .setSource(source.getSource())
            .setSourceVersion(source.getVersion())
            .setOpenedAtMs(source.getOpenedAtMs())
            .setUpdatedAtMs(now)
            .setBlobDigest(content.getBlobDigest())
            .setSize(content.getSize())
            .setChunkCount(content.getChunkCount())
            .setNewChunks(content.getChunkCount())
            .setNewBytes(content.getSize())
            .build());
  }

  private <K, V> void send(Topic<K, V> topic, K key, V value) {
    Serializer<K> keys = topic.keys().serializer();
    Serializer<V> values = topic.values().serializer();
    var unused =
        producer.send(
            new ProducerRecord<>(
                topic.name(),
                keys.serialize(topic.name(), key),
                values.serialize(topic.name(), value)));
  }

  @Override
  public void close() {
    uploads.wakeUp();
    try {
      thread.join();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
    uploads.close();
    producer.close();
  }
}
