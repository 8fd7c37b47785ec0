package io.castore.audit.replay;

import com.google.protobuf.InvalidProtocolBufferException;
import io.castore.audit.AuditProgress;
import io.castore.audit.log.LogScan;
import io.castore.audit.table.Bytes;
import io.castore.audit.table.Table;
import io.castore.pipeline.config.CastoreConfig;
import io.castore.pipeline.records.UploadId;
import io.castore.pipeline.scratch.ScratchStore;
import io.castore.pipeline.streams.DeadLetters;
import io.castore.pipeline.topics.Topic;
import io.castore.pipeline.topics.Topics;
import io.castore.proto.pipeline.ChunkRecord;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

/**
 * Finds every record that touched an upload, as far as the topics still have them.
 *
 * <p>Used once, by one thread.
 */
public final class UploadHistory implements AutoCloseable {
  /** Clocks of producers and of brokers may disagree by so much. */
  private static final Duration SLACK = Duration.ofHours(1);

  /** The version of UUIDs whose first bits are the time. */
  private static final int TIMED = 7;

  private final CastoreConfig config;
  private final UploadId upload;
  private final AuditProgress progress;
  private final ScratchStore scratch;
  private final Table found;
  private final List<String> topics;

  private UploadHistory(
      CastoreConfig config, UploadId upload, ScratchStore scratch, AuditProgress progress) {
    this.config = config;
    this.upload = upload;
    this.progress = progress;
    this.scratch = scratch;
    found = new Table(scratch, 'h');
    Topics all = config.topics();
    topics =
        List.of(
            all.uploads().name(),
            all.chunks().name(),
            all.chunkReceipts().name(),
            all.chunkRequests().name(),
            all.uploadStatus().name(),
            all.chunksDlq().name(),
            all.eventsDlq().name());
  }

  /**
   * Prepares to look for the records of an upload.
   *
   * @param directory for what is too much for memory
   * @throws IOException if the directory cannot be used
   */
  public static UploadHistory open(
      CastoreConfig config, UploadId upload, Path directory, AuditProgress progress)
      throws IOException {
    return new UploadHistory(config, upload, ScratchStore.open(directory), progress);
  }

  /** Takes records. */
  @FunctionalInterface
  public interface Visitor {
    /** Takes the next one; an exception ends the visit and reaches its caller. */
    void visit(HistoryEntry entry) throws IOException;
  }

  /**
   * Reads the topics, and visits what was found in the order of the records' times.
   *
   * @return how many records there are
   * @throws IOException if the directory cannot be used, or the visitor threw it
   * @throws org.apache.kafka.common.KafkaException if Kafka cannot be reached
   */
  public long visit(Visitor visitor) throws IOException {
    Topics all = config.topics();
    read(all.uploads(), (id, event) -> ofUpload(id, RecordText.of(event)));
    read(all.chunkReceipts(), (id, receipt) -> ofUpload(id, RecordText.of(receipt)));
    read(all.chunkRequests(), (id, request) -> ofUpload(id, RecordText.of(request)));
    read(all.uploadStatus(), (id, status) -> ofUpload(id, RecordText.of(status)));
    read(
        all.chunks(),
        (digest, chunk) ->
            isOurs(chunk) ? Optional.of(RecordText.of(digest, chunk)) : Optional.empty());
    read(
        all.eventsDlq(),
        (key, value) ->
            Arrays.equals(key, upload.toBytes())
                ? Optional.of("an event at fault")
                : Optional.empty());
    read(
        all.chunksDlq(),
        (key, value) -> isOurs(parse(value)) ? Optional.of("a chunk at fault") : Optional.empty());
    long[] count = {0};
    found.<IOException>visitAll(
        (key, text) -> {
          count[0]++;
          ByteBuffer place = ByteBuffer.wrap(key);
          visitor.visit(
              new HistoryEntry(
                  Instant.ofEpochMilli(place.getLong()),
                  topics.get(place.getInt()),
                  place.getInt(),
                  place.getLong(),
                  new String(text, StandardCharsets.UTF_8)));
        });
    return count[0];
  }

  private interface Reading<K, V> {
    Optional<String> describe(K key, V value);
  }

  private <K, V> void read(Topic<K, V> topic, Reading<K, V> reading) throws IOException {
    progress.begin("reading topic " + topic);
    try (LogScan<K, V> scan = LogScan.open(config, topic)) {
      Map<Integer, Long> from =
          upload.uuid().version() == TIMED
              ? scan.offsets().offsetsAt(upload.createdAt().minus(SLACK))
              : Map.of();
      scan.<IOException>read(
          from,
          scan.offsets().ends(),
          (key, value, at) -> {
            progress.count(Math.max(0, at.serializedValueSize()));
            Optional<String> text = value == null ? Optional.empty() : reading.describe(key, value);
            if (text.isPresent()) {
              note(at, text.get());
            }
          });
    }
  }

  private void note(ConsumerRecord<?, ?> at, String text) throws IOException {
    Header reason = at.headers().lastHeader(DeadLetters.REASON);
    found.put(
        Bytes.join(
            Bytes.of(at.timestamp()),
            Bytes.of(topics.indexOf(at.topic())),
            Bytes.of(at.partition()),
            Bytes.of(at.offset())),
        (reason == null ? text : text + ": " + new String(reason.value(), StandardCharsets.UTF_8))
            .getBytes(StandardCharsets.UTF_8));
  }

  private Optional<String> ofUpload(UploadId id, String text) {
    return id.equals(upload) ? Optional.of(text) : Optional.empty();
  }

  private boolean isOurs(ChunkRecord chunk) {
    return Arrays.equals(chunk.getUploadId().toByteArray(), upload.toBytes());
  }

  private static ChunkRecord parse(byte[] value) {
    try {
      return ChunkRecord.parseFrom(value);
    } catch (InvalidProtocolBufferException foreign) {
      return ChunkRecord.getDefaultInstance();
    }
  }

  @Override
  public void close() {
    scratch.close();
  }
}
