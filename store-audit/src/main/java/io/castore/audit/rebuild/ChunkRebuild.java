package io.castore.audit.rebuild;

import io.castore.audit.AuditProgress;
import io.castore.audit.log.StoreLog;
import io.castore.audit.payload.ChunkPayload;
import io.castore.audit.payload.PayloadScan;
import io.castore.audit.survey.ChunkCondition;
import io.castore.audit.survey.ChunkSurvey;
import io.castore.audit.survey.Shards;
import io.castore.audit.survey.Workers;
import io.castore.audit.table.Bytes;
import io.castore.audit.table.Table;
import io.castore.content.codec.ChunkCodec;
import io.castore.content.digest.Digest;
import io.castore.content.layout.BucketLayout;
import io.castore.content.objectstore.ObjectBody;
import io.castore.content.objectstore.ObjectStore;
import io.castore.pipeline.config.CastoreConfig;
import io.castore.pipeline.topics.Topic;
import io.castore.proto.pipeline.ChunkRecord;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.errors.SerializationException;

/**
 * Puts the chunks into a store that the log says should be there and are not.
 *
 * <p>Used once, by one thread.
 */
final class ChunkRebuild {
  private final CastoreConfig config;
  private final ObjectStore store;
  private final StoreLog log;
  private final ChunkSurvey survey;
  private final Workers workers;
  private final Table wanted;
  private final AuditProgress progress;
  private final ChunkCodec codec;
  private final Set<Digest> onTheirWay = ConcurrentHashMap.newKeySet();
  private final LongAdder expected = new LongAdder();
  private final LongAdder written = new LongAdder();
  private final LongAdder bytesWritten = new LongAdder();
  private final LongAdder lost = new LongAdder();

  /**
   * Prepares to write.
   *
   * @param wanted empty, and used by nothing else
   */
  ChunkRebuild(
      CastoreConfig config,
      ObjectStore store,
      StoreLog log,
      ChunkSurvey survey,
      Workers workers,
      Table wanted,
      AuditProgress progress) {
    this.config = config;
    this.store = store;
    this.log = log;
    this.survey = survey;
    this.workers = workers;
    this.wanted = wanted;
    this.progress = progress;
    codec = new ChunkCodec(config.zstdLevel());
  }

  /**
   * Writes all that is not there and can be had.
   *
   * @param group consumer group of all processes that do the same
   */
  void run(String group) throws IOException {
    progress.begin("reading chunks of the store");
    for (int shard = 0; shard < Shards.COUNT; shard++) {
      ChunkSurvey.Walk unused = survey.walk(shard, chunk -> true);
    }
    log.<IOException>visitExpectedChunks(
        chunk -> {
          expected.increment();
          Optional<ChunkCondition> seen = survey.seen(chunk.digest());
          if (seen.isEmpty() || !(seen.get() instanceof ChunkCondition.Whole)) {
            wanted.put(chunk.digest().toBytes(), Bytes.of((int) chunk.size()));
          }
        });
    if (!isDone()) {
      readTogether(group);
    }
    lookAgain();
    if (!isDone()) {
      // Where others have done a part before, their offsets may be past what was lost since.
      new PayloadScan(config, progress).find(wanted, this::write);
      workers.drain();
      lookAgain();
    }
    wanted.<IOException>visitAll((chunk, size) -> lost.increment());
  }

  private boolean isDone() throws IOException {
    boolean[] isDone = {true};
    wanted.<IOException>visitAll((chunk, size) -> isDone[0] = false);
    return isDone[0];
  }

  private void readTogether(String group) throws IOException {
    Topic<Digest, ChunkRecord> topic = config.topics().chunks();
    progress.begin("reading topic " + topic);
    try (SharedReading reading = new SharedReading(config, group, topic.name())) {
      reading.readToEnd(
          new SharedReading.Visitor() {
            @Override
            public void visit(ConsumerRecord<byte[], byte[]> record) throws IOException {
              take(topic, record);
            }

            @Override
            public void settle() throws IOException {
              workers.drain();
            }
          });
      reading.finish();
    }
  }

  private void take(Topic<Digest, ChunkRecord> topic, ConsumerRecord<byte[], byte[]> record)
      throws IOException {
    progress.count(Math.max(0, record.serializedValueSize()));
    byte[] key = record.key();
    if (key == null || key.length != Digest.LENGTH || !wanted.contains(key)) {
      return;
    }
    Digest chunk = Digest.of(key);
    Optional<ChunkPayload> payload = payload(topic, chunk, record.value());
    if (payload.isPresent()) {
      write(chunk, payload.get());
    }
  }

  private Optional<ChunkPayload> payload(
      Topic<Digest, ChunkRecord> topic, Digest chunk, byte[] value) {
    try {
      ChunkRecord record = topic.values().deserializer().deserialize(topic.name(), value);
      return record == null ? Optional.empty() : ChunkPayload.of(chunk, record, codec);
    } catch (SerializationException foreign) {
      return Optional.empty();
    }
  }

  private void write(Digest chunk, ChunkPayload payload) throws IOException {
    if (!onTheirWay.add(chunk)) {
      return;
    }
    workers.submit(
        () -> {
          // It may have been written between the look at the record and now.
          if (wanted.contains(chunk.toBytes())) {
            put(chunk, payload);
          }
          onTheirWay.remove(chunk);
        });
  }

  private void put(Digest chunk, ChunkPayload payload) throws IOException {
    store.put(BucketLayout.chunkKey(chunk), ObjectBody.of(payload.frame()));
    survey.written(chunk, payload.rawSize());
    wanted.remove(chunk.toBytes());
    written.increment();
    bytesWritten.add(payload.frame().length);
  }

  /** Another process of the group may have written what is still wanted here. */
  private void lookAgain() throws IOException {
    wanted.<IOException>visitAll(
        (chunk, size) ->
            workers.submit(
                () -> {
                  if (survey.lookAgain(Digest.of(chunk)) instanceof ChunkCondition.Whole) {
                    wanted.remove(chunk);
                  }
                }));
    workers.drain();
  }

  long expected() {
    return expected.sum();
  }

  long written() {
    return written.sum();
  }

  long bytesWritten() {
    return bytesWritten.sum();
  }

  long lost() {
    return lost.sum();
  }
}
