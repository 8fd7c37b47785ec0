package io.castore.audit.payload;

import io.castore.audit.AuditProgress;
import io.castore.audit.log.LogScan;
import io.castore.audit.table.Table;
import io.castore.content.codec.ChunkCodec;
import io.castore.content.digest.Digest;
import io.castore.pipeline.config.CastoreConfig;
import io.castore.proto.pipeline.ChunkRecord;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.utils.Utils;

/**
 * Looks in the topic of chunks for the bytes of some chunks, as far as they are still there.
 *
 * <p>Used by one thread at a time.
 */
public final class PayloadScan {
  private final CastoreConfig config;
  private final ChunkCodec codec;
  private final AuditProgress progress;

  /** Prepares to look. */
  public PayloadScan(CastoreConfig config, AuditProgress progress) {
    this.config = config;
    this.codec = new ChunkCodec(config.zstdLevel());
    this.progress = progress;
  }

  /** Takes what was found. */
  @FunctionalInterface
  public interface Visitor {
    /** Takes a chunk's bytes, once for each chunk. */
    void visit(Digest chunk, ChunkPayload payload) throws IOException;
  }

  /**
   * Reads the partitions that the chunks belong to, from their first record to their present end.
   *
   * @param wanted its keys are the chunks' digests; those that are found are removed from it
   * @throws org.apache.kafka.common.KafkaException if Kafka cannot be reached
   */
  public void find(Table wanted, Visitor visitor) throws IOException {
    progress.begin("looking for chunks in topic " + config.topics().chunks());
    try (LogScan<Digest, ChunkRecord> scan = LogScan.open(config, config.topics().chunks())) {
      scan.<IOException>read(
          Map.of(),
          endsOfOwners(wanted, scan),
          (chunk, record, at) -> {
            progress.count(Math.max(0, at.serializedValueSize()));
            if (record != null && wanted.contains(chunk.toBytes())) {
              Optional<ChunkPayload> payload = ChunkPayload.of(chunk, record, codec);
              if (payload.isPresent()) {
                visitor.visit(chunk, payload.get());
                wanted.remove(chunk.toBytes());
              }
            }
          });
    }
  }

  private static Map<Integer, Long> endsOfOwners(Table wanted, LogScan<Digest, ChunkRecord> scan)
      throws IOException {
    int partitions = scan.offsets().partitions();
    Map<Integer, Long> ends = scan.offsets().ends();
    Map<Integer, Long> needed = new HashMap<>();
    wanted.<IOException>visitAll(
        (chunk, any) -> {
          int owner = Utils.toPositive(Utils.murmur2(chunk)) % partitions;
          needed.put(owner, ends.getOrDefault(owner, 0L));
        });
    return needed;
  }
}
