package io.castore.audit.log;

import io.castore.audit.AuditProgress;
import io.castore.audit.table.Table;
import io.castore.content.digest.Digest;
import io.castore.pipeline.config.CastoreConfig;
import io.castore.pipeline.records.Drops;
import io.castore.pipeline.records.UploadId;
import io.castore.pipeline.scratch.ScratchStore;
import io.castore.proto.pipeline.ChunkReceipt;
import io.castore.proto.pipeline.RootRule;
import io.castore.proto.pipeline.UploadStatus;
import io.castore.proto.pipeline.UploadStatus.State;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Fills a {@link StoreLog} from the topics. Used once, by one thread. */
final class StoreLogReader {
  /** What receipts say of the store that an upload went to. */
  private static final byte OURS = 1;

  private static final byte ANOTHERS = 2;

  private final CastoreConfig config;
  private final String storeId;
  private final Optional<Instant> at;
  private final AuditProgress progress;
  private final StoreLog log;
  private final Table rules;
  private final Table complete;
  private final Table destinations;

  /** The upload of the last receipt, since most follow another of the same one. */
  private @Nullable UploadId lastUpload;

  private boolean lastCounts;
  private byte lastDestination;

  StoreLogReader(
      CastoreConfig config,
      String storeId,
      Optional<Instant> at,
      AuditProgress progress,
      ScratchStore scratch,
      StoreLog log) {
    this.config = config;
    this.storeId = storeId;
    this.at = at;
    this.progress = progress;
    this.log = log;
    rules = new Table(scratch, 'D');
    complete = new Table(scratch, 'U');
    destinations = new Table(scratch, 'S');
  }

  void read() throws IOException {
    readRules();
    readStatuses();
    readReceipts();
    progress.begin("putting lists of chunks together");
    complete.<IOException>visitAll((id, told) -> gather(UploadId.of(id), told));
    log.<IOException>visitBlobs(
        blob -> {
          if (blob.isListWhole()) {
            log.<IOException>visitChunks(blob, log::putExpectedChunk);
          }
        });
  }

  private void readRules() throws IOException {
    progress.begin("reading topic " + config.topics().roots());
    try (LogScan<Digest, RootRule> scan = LogScan.open(config, config.topics().roots())) {
      scan.<IOException>readAll(
          (blob, rule, where) -> {
            progress.count(Math.max(0, where.serializedValueSize()));
            if (isInTime(where.timestamp())) {
              keepRule(blob, rule);
            }
          });
    }
  }

  private void keepRule(Digest blob, @Nullable RootRule rule) throws IOException {
    if (rule == null) {
      rules.remove(blob.toBytes());
    } else {
      rules.put(blob.toBytes(), Drops.latest(rule(blob).orElse(null), rule).toByteArray());
    }
  }

  private Optional<RootRule> rule(Digest blob) throws IOException {
    Optional<byte[]> rule = rules.get(blob.toBytes());
    return rule.isEmpty() ? Optional.empty() : Optional.of(RootRule.parseFrom(rule.get()));
  }

  private void readStatuses() throws IOException {
    progress.begin("reading topic " + config.topics().uploadStatus());
    try (LogScan<UploadId, UploadStatus> scan =
        LogScan.open(config, config.topics().uploadStatus())) {
      scan.<IOException>readAll(
          (id, status, where) -> {
            progress.count(Math.max(0, where.serializedValueSize()));
            if (status != null
                && status.getState() == State.COMPLETE
                && status.getBlobDigest().size() == Digest.LENGTH
                && isInTime(status.getUpdatedAtMs())) {
              complete.put(
                  id.toBytes(),
                  ByteBuffer.allocate(Integer.BYTES + Long.BYTES + status.getSerializedSize())
                      .putInt(where.partition())
                      .putLong(where.offset())
                      .put(status.toByteArray())
                      .array());
            }
          });
    }
  }

  private boolean isInTime(long timeMs) {
    return at.isEmpty() || timeMs <= at.get().toEpochMilli();
  }

  private void readReceipts() throws IOException {
    progress.begin("reading topic " + config.topics().chunkReceipts());
    try (LogScan<UploadId, ChunkReceipt> scan =
        LogScan.open(config, config.topics().chunkReceipts())) {
      scan.<IOException>readAll(
          (id, receipt, where) -> {
            progress.count(Math.max(0, where.serializedValueSize()));
            if (receipt != null) {
              take(id, receipt);
            }
          });
    }
  }

  private void take(UploadId id, ChunkReceipt receipt) throws IOException {
    boolean isThere =
        switch (receipt.getResult()) {
          case STORED, DEDUPLICATED -> true;
          case REJECTED, MISSING, CLAIMED, RESULT_UNSPECIFIED, UNRECOGNIZED -> false;
        };
    byte destination = receipt.getStoreId().equals(storeId) ? OURS : ANOTHERS;
    if (!id.equals(lastUpload) || destination != lastDestination) {
      lastUpload = id;
      lastDestination = destination;
      lastCounts = complete.contains(id.toBytes());
      noteDestination(id, destination);
    }
    if (!isThere
        || destination != OURS
        || receipt.getDigest().size() != Digest.LENGTH
        || receipt.getRawSize() < 1) {
      return;
    }
    Digest chunk = Digest.of(receipt.getDigest().toByteArray());
    if (lastCounts) {
      log.putRow(id, receipt.getSeq(), chunk, receipt.getRawSize());
    } else {
      log.putEverStored(chunk, receipt.getRawSize());
    }
  }

  /** That one receipt is of this store is enough, since the others then do not count. */
  private void noteDestination(UploadId id, byte destination) throws IOException {
    if (lastCounts && (destination == OURS || !destinations.contains(id.toBytes()))) {
      destinations.put(id.toBytes(), new byte[] {destination});
    }
  }

  private void gather(UploadId id, byte[] told) throws IOException {
    progress.count(0);
    Optional<byte[]> destination = destinations.get(id.toBytes());
    if (destination.isPresent() && destination.get()[0] == ANOTHERS) {
      return;
    }
    ByteBuffer buffer = ByteBuffer.wrap(told);
    int partition = buffer.getInt();
    long offset = buffer.getLong();
    UploadStatus status = UploadStatus.parseFrom(buffer);
    Digest blob = Digest.of(status.getBlobDigest().toByteArray());
    ChunkSummary chunks = log.summarize(id);
    boolean isWhole = chunks.isWhole(blob, status.getSize(), status.getChunkCount());
    if (isWhole) {
      log.putList(blob, chunks.listDigest());
    }
    log.putSource(blob, status.getSource());
    log.putBlob(
        new ExpectedBlob(
            blob,
            status.getSize(),
            status.getChunkCount(),
            chunks.encodedLength(),
            id,
            status.getUpdatedAtMs(),
            isLive(blob, id, partition, offset),
            isWhole,
            status.getObjectLeftOut()));
  }

  private boolean isLive(Digest blob, UploadId id, int partition, long offset) throws IOException {
    Optional<RootRule.Drop> drop = rule(blob).filter(RootRule::hasDrop).map(RootRule::getDrop);
    return drop.isEmpty() || !Drops.covers(drop.get(), id, partition, offset);
  }
}
