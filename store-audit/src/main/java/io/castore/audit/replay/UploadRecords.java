package io.castore.audit.replay;

import io.castore.audit.AuditProgress;
import io.castore.audit.log.LogScan;
import io.castore.audit.table.Bytes;
import io.castore.audit.table.Table;
import io.castore.content.digest.Digest;
import io.castore.pipeline.config.CastoreConfig;
import io.castore.pipeline.records.UploadEvents;
import io.castore.pipeline.records.UploadId;
import io.castore.pipeline.scratch.ScratchStore;
import io.castore.proto.pipeline.ChunkReceipt;
import io.castore.proto.pipeline.UploadEvent;
import io.castore.proto.pipeline.UploadEvent.Sealed;
import io.castore.proto.pipeline.UploadStatus;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;

/**
 * What the topics say of each upload, gathered on disk whatever the order of the records.
 *
 * <p>Used by one thread.
 */
final class UploadRecords {
  private static final byte ABORTED = 1;
  private static final byte FAULTY = 2;
  private static final byte ELSEWHERE = 4;
  private static final byte HERE = 8;

  private final CastoreConfig config;
  private final String storeId;
  private final AuditProgress progress;
  private final Table flags;
  private final Table seals;
  private final Table rows;
  private final Table statuses;

  UploadRecords(
      CastoreConfig config, String storeId, ScratchStore scratch, AuditProgress progress) {
    this.config = config;
    this.storeId = storeId;
    this.progress = progress;
    flags = new Table(scratch, 'f');
    seals = new Table(scratch, 's');
    rows = new Table(scratch, 'r');
    statuses = new Table(scratch, 'u');
  }

  void read() throws IOException {
    progress.begin("reading topic " + config.topics().uploads());
    try (LogScan<UploadId, UploadEvent> scan = LogScan.open(config, config.topics().uploads())) {
      scan.<IOException>readAll(
          (id, event, at) -> {
            progress.count(Math.max(0, at.serializedValueSize()));
            if (event != null) {
              take(id.toBytes(), event);
            }
          });
    }
    progress.begin("reading topic " + config.topics().chunkReceipts());
    try (LogScan<UploadId, ChunkReceipt> scan =
        LogScan.open(config, config.topics().chunkReceipts())) {
      scan.<IOException>readAll(
          (id, receipt, at) -> {
            progress.count(Math.max(0, at.serializedValueSize()));
            if (receipt != null) {
              take(id.toBytes(), receipt);
            }
          });
    }
    progress.begin("reading topic " + config.topics().uploadStatus());
    try (LogScan<UploadId, UploadStatus> scan =
        LogScan.open(config, config.topics().uploadStatus())) {
      scan.<IOException>readAll(
          (id, status, at) -> {
            progress.count(Math.max(0, at.serializedValueSize()));
            if (status != null) {
              statuses.put(id.toBytes(), status.toByteArray());
            }
          });
    }
  }

  private void take(byte[] id, UploadEvent event) throws IOException {
    flag(id, event.hasAborted() ? ABORTED : 0);
    if (UploadEvents.isSealed(event)) {
      // Where its chunks stand is no part of what it is.
      byte[] seal =
          UploadEvents.sealed(event).toBuilder().clearChunkRecords().build().toByteArray();
      Optional<byte[]> before = seals.get(id);
      if (before.isEmpty()) {
        seals.put(id, seal);
      } else if (!Arrays.equals(before.get(), seal)) {
        flag(id, FAULTY);
      }
    }
  }

  private void take(byte[] id, ChunkReceipt receipt) throws IOException {
    flag(id, receipt.getStoreId().equals(storeId) ? HERE : ELSEWHERE);
    switch (receipt.getResult()) {
      case REJECTED -> flag(id, FAULTY);
      case STORED, DEDUPLICATED -> {
        if (receipt.getStoreId().equals(storeId) && receipt.getDigest().size() == Digest.LENGTH) {
          addRow(id, receipt);
        }
      }
      case MISSING, CLAIMED, RESULT_UNSPECIFIED, UNRECOGNIZED -> {}
    }
  }

  private void addRow(byte[] id, ChunkReceipt receipt) throws IOException {
    byte[] key = Bytes.join(id, Bytes.of(receipt.getSeq()));
    byte[] row = Bytes.join(receipt.getDigest().toByteArray(), Bytes.of(receipt.getRawSize()));
    Optional<byte[]> before = rows.get(key);
    if (before.isEmpty()) {
      rows.put(key, row);
    } else if (!Arrays.equals(before.get(), row)) {
      flag(id, FAULTY);
    }
  }

  private void flag(byte[] id, byte flag) throws IOException {
    Optional<byte[]> before = flags.get(id);
    byte known = before.isPresent() ? before.get()[0] : 0;
    byte now = (byte) (known | flag);
    if (before.isEmpty() || now != known) {
      flags.put(id, new byte[] {now});
    }
  }

  /** Takes uploads. */
  interface Visitor {
    /** Takes the next upload. */
    void visit(UploadId id, UploadFacts facts, Optional<UploadStatus> told) throws IOException;
  }

  /** Visits the uploads to this store, in the order of their ids. */
  void visit(Visitor visitor) throws IOException {
    statuses.<IOException>visitAll(
        (id, told) -> {
          if (!flags.contains(id)) {
            flag(id, (byte) 0);
          }
        });
    flags.<IOException>visitAll(
        (id, flag) -> {
          boolean isElsewhere = (flag[0] & (HERE | ELSEWHERE)) == ELSEWHERE;
          if (!isElsewhere) {
            visitor.visit(UploadId.of(id), facts(id, flag[0]), told(id));
          }
        });
  }

  private Optional<UploadStatus> told(byte[] id) throws IOException {
    Optional<byte[]> told = statuses.get(id);
    return told.isPresent() ? Optional.of(UploadStatus.parseFrom(told.get())) : Optional.empty();
  }

  private UploadFacts facts(byte[] id, byte flag) throws IOException {
    Optional<Sealed> sealed = sealed(id);
    long[] chunks = {0};
    long[] bytes = {0};
    boolean[] isContiguous = {true};
    Digest[] first = {Digest.EMPTY};
    rows.<IOException>visit(
        id,
        (key, row) -> {
          ByteBuffer value = ByteBuffer.wrap(row);
          isContiguous[0] &= ByteBuffer.wrap(key).getLong(UploadId.LENGTH) == chunks[0];
          if (chunks[0]++ == 0) {
            first[0] = Digest.of(row, 0);
          }
          bytes[0] += value.getInt(Digest.LENGTH);
        });
    return new UploadFacts(
        sealed.orElse(Sealed.getDefaultInstance()),
        sealed.isPresent(),
        (flag & ABORTED) != 0,
        (flag & FAULTY) != 0,
        chunks[0],
        bytes[0],
        isContiguous[0],
        first[0]);
  }

  private Optional<Sealed> sealed(byte[] id) throws IOException {
    Optional<byte[]> seal = seals.get(id);
    return seal.isPresent() ? Optional.of(Sealed.parseFrom(seal.get())) : Optional.empty();
  }
}
