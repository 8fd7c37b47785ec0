package io.castore.index;

import com.google.protobuf.InvalidProtocolBufferException;
import io.castore.content.digest.Digest;
import io.castore.pipeline.records.UploadId;
import io.castore.pipeline.streams.DeadLetters;
import io.castore.proto.pipeline.SourceEntry;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * Keeps the newest complete version of each source, and sends it on whenever there is a newer one.
 *
 * <p>A crash may leave any part of what was written and sent for a record, and then the record
 * comes again. The entry that is kept is sent again when it comes again, and an older one neither
 * replaces it nor is sent.
 */
final class KeepNewestVersions implements Processor<byte[], byte[], Object, Object> {
  private ProcessorContext<Object, Object> context;
  private DeadLetters deadLetters;
  private KeyValueStore<String, SourceEntry> newest;

  @SuppressWarnings("NullAway.Init") // Kafka Streams calls init before anything else
  KeepNewestVersions() {}

  @Override
  public void init(ProcessorContext<Object, Object> processorContext) {
    context = processorContext;
    deadLetters = new DeadLetters(processorContext, IndexTopology.SEND_UNUSABLE_UPDATES);
    newest = processorContext.getStateStore(IndexTopology.NEWEST_SOURCES);
  }

  @Override
  public void process(Record<byte[], byte[]> record) {
    try {
      take(
          name(Objects.requireNonNullElse(record.key(), new byte[0])),
          entry(Objects.requireNonNullElse(record.value(), new byte[0])));
    } catch (InvalidProtocolBufferException | UnusableRecordException unusable) {
      deadLetters.send(
          record, context.recordMetadata().orElseThrow(), String.valueOf(unusable.getMessage()));
    }
  }

  private void take(String name, SourceEntry update) {
    if (NewerVersion.replaces(update, newest.get(name))) {
      newest.put(name, update);
      context.forward(
          new Record<>(name, update, context.currentSystemTimeMs()), IndexTopology.SEND_SOURCES);
    }
  }

  private static String name(byte[] key) throws UnusableRecordException {
    if (key.length == 0) {
      throw new UnusableRecordException("the update names no source");
    }
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(key)).toString();
    } catch (CharacterCodingException notText) {
      throw new UnusableRecordException("the source's name is not UTF-8", notText);
    }
  }

  private static SourceEntry entry(byte[] value)
      throws InvalidProtocolBufferException, UnusableRecordException {
    SourceEntry entry = SourceEntry.parseFrom(value);
    requireLength("blob's digest", entry.getBlobDigest().size(), Digest.LENGTH);
    requireLength("upload's id", entry.getUploadId().size(), UploadId.LENGTH);
    return entry;
  }

  private static void requireLength(String what, int bytes, int expected)
      throws UnusableRecordException {
    if (bytes != expected) {
      throw new UnusableRecordException(
          "the %s has %d bytes (expected: %d)".formatted(what, bytes, expected));
    }
  }
}
