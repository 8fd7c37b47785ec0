package io.castore.gc;

import com.google.protobuf.ByteString;
import io.castore.content.digest.Digest;
import io.castore.pipeline.records.UploadId;
import io.castore.pipeline.records.UploadStates;
import io.castore.pipeline.scratch.ScratchStore;
import io.castore.proto.pipeline.UploadStatus;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The newest status of each upload, on disk.
 *
 * <p>Not thread-safe.
 */
final class UploadTable {
  private static final int PLACE_LENGTH = Integer.BYTES + Long.BYTES;
  private static final int UUID_OF_TIME = 7;

  private final UploadHistory history;
  private final ScratchStore scratch;
  private Map<Integer, Long> readTo = Map.of();

  UploadTable(UploadHistory history, ScratchStore scratch) {
    this.history = history;
    this.scratch = scratch;
  }

  /**
   * An upload as its newest status has it.
   *
   * @param partition where that status stands
   * @param status without the fields that nothing here asks for
   */
  record Entry(UploadId id, int partition, long offset, UploadStatus status) {
    boolean hasEnded() {
      return UploadStates.isFinal(status.getState());
    }

    boolean isComplete() {
      return status.getState() == UploadStatus.State.COMPLETE;
    }

    /** The blob, once the upload is sealed. */
    Optional<Digest> blob() {
      ByteString digest = status.getBlobDigest();
      return digest.size() == Digest.LENGTH
          ? Optional.of(Digest.of(digest.toByteArray()))
          : Optional.empty();
    }

    /** A time before which the upload had no record, by its producer's clock. */
    Instant begunAfter() {
      long opened = status.getOpenedAtMs();
      boolean isOfTime = id.uuid().version() == UUID_OF_TIME;
      if (!isOfTime && opened == 0) {
        return Instant.EPOCH;
      }
      long made = isOfTime ? id.createdAt().toEpochMilli() : opened;
      return Instant.ofEpochMilli(opened == 0 ? made : Math.min(made, opened));
    }

    private byte[] encode() {
      byte[] text = status.toByteArray();
      return ByteBuffer.allocate(PLACE_LENGTH + text.length)
          .putInt(partition)
          .putLong(offset)
          .put(text)
          .array();
    }

    private static Entry decode(UploadId id, byte[] value) throws IOException {
      ByteBuffer buffer = ByteBuffer.wrap(value);
      return new Entry(id, buffer.getInt(), buffer.getLong(), UploadStatus.parseFrom(buffer));
    }
  }

  /** Takes uploads. */
  @FunctionalInterface
  interface Visitor {
    /** Takes the next upload, in the order of their ids. */
    void visit(Entry upload) throws IOException;
  }

  /** Reads on to what is the end of the statuses now. */
  void catchUp() throws IOException {
    Map<Integer, Long> ends = history.statusEnds();
    history.readStatuses(
        readTo,
        ends,
        (partition, offset, id, status) -> {
          // An indexer that lost its last writes may tell an earlier state again. What was once
          // complete has been relied on.
          boolean wasComplete = get(id).filter(Entry::isComplete).isPresent();
          if (!wasComplete || status.getState() == UploadStatus.State.COMPLETE) {
            scratch.put(
                ScratchKeys.UPLOADS.of(id),
                new Entry(id, partition, offset, trimmed(status)).encode());
          }
        });
    readTo = new HashMap<>(ends);
  }

  private static UploadStatus trimmed(UploadStatus status) {
    return UploadStatus.newBuilder()
        .setState(status.getState())
        .setSource(status.getSource())
        .setOpenedAtMs(status.getOpenedAtMs())
        .setUpdatedAtMs(status.getUpdatedAtMs())
        .setBlobDigest(status.getBlobDigest())
        .setSize(status.getSize())
        .setChunkCount(status.getChunkCount())
        .build();
  }

  /** Up to where statuses were read, by partition. */
  Map<Integer, Long> readTo() {
    return readTo;
  }

  Optional<Entry> get(UploadId id) throws IOException {
    Optional<byte[]> value = scratch.get(ScratchKeys.UPLOADS.of(id));
    return value.isEmpty() ? Optional.empty() : Optional.of(Entry.decode(id, value.get()));
  }

  void visit(Visitor visitor) throws IOException {
    scratch.<IOException>visit(
        ScratchKeys.UPLOADS.prefix(),
        (key, value) ->
            visitor.visit(
                Entry.decode(UploadId.of(Arrays.copyOfRange(key, 1, key.length)), value)));
  }
}
