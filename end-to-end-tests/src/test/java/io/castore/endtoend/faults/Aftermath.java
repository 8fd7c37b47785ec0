package io.castore.endtoend.faults;

import com.fasterxml.jackson.databind.JsonNode;
import io.castore.content.digest.Digest;
import io.castore.content.objectstore.ObjectStore;
import io.castore.endtoend.CommandResult;
import io.castore.endtoend.StoreWalker;
import io.castore.pipeline.cluster.TopicTail;
import io.castore.pipeline.config.CastoreConfig;
import io.castore.pipeline.config.InvalidConfigException;
import io.castore.pipeline.records.UploadId;
import io.castore.proto.pipeline.ChunkReceipt;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** Looks at all that a round has left, once it is over, and judges it. */
final class Aftermath {
  private static final Set<String> UNDERWAY = Set.of("OPEN", "SEALED");
  private static final int LOOK_SECONDS = 1;

  private final Cluster cluster;
  private final Sample sample;
  private final Verdict verdict;

  Aftermath(Cluster cluster, Sample sample, Verdict verdict) {
    this.cluster = cluster;
    this.sample = sample;
    this.verdict = verdict;
  }

  /** Checks that the ingest has said of every file what is right of it. */
  void checkList(CommandResult ingest) {
    if (ingest.exitCode() != 0) {
      verdict.fault("the ingest ended with exit code " + ingest.exitCode());
    }
    Map<String, String> listed = new HashMap<>();
    ingest.lines().forEach(line -> listed.put(line.substring(2 * Digest.LENGTH + 2), line));
    sample
        .digests()
        .forEach(
            (path, digest) -> {
              if (!(digest.toHex() + "  " + path).equals(listed.remove(path))) {
                verdict.fault("not listed, or with another digest: " + path);
              }
            });
    listed.values().forEach(line -> verdict.fault("listed, but not there: " + line));
  }

  /**
   * Waits until every upload has ended, and checks how.
   *
   * @return the digests of those that are complete
   */
  Set<Digest> checkUploads(boolean mayBeLeftBehind, Deadline deadline)
      throws IOException, InterruptedException {
    List<JsonNode> uploads = cluster.uploads();
    while (uploads.stream().anyMatch(Aftermath::isUnderway) && !deadline.passed()) {
      TimeUnit.SECONDS.sleep(LOOK_SECONDS);
      uploads = cluster.uploads();
    }
    Set<Digest> complete = new HashSet<>();
    int completeUploads = 0;
    for (JsonNode upload : uploads) {
      String state = upload.get("state").asText();
      if (isUnderway(upload)) {
        verdict.hung(upload.toString());
      } else if (state.equals("COMPLETE")) {
        completeUploads++;
        complete.add(Digest.parse(upload.get("digest").asText()));
      } else if (!mayBeLeftBehind || state.equals("FAILED")) {
        verdict.fault("neither complete nor left behind: " + upload);
      }
    }
    if (completeUploads < sample.digests().size()) {
      verdict.fault(
          "%d uploads are complete (expected: %d)"
              .formatted(completeUploads, sample.digests().size()));
    }
    return complete;
  }

  private static boolean isUnderway(JsonNode upload) {
    return UNDERWAY.contains(upload.get("state").asText());
  }

  /** Reads the whole store, and checks that it holds all that anybody was told it holds. */
  void checkStore(Set<Digest> complete, boolean calm) throws IOException {
    StoreWalker.Report report;
    try (ObjectStore store = cluster.store().open()) {
      report = StoreWalker.walk(store, true);
    }
    verdict.checked(report.chunks() + report.blobs());
    report.faults().forEach(verdict::lost);
    complete.stream()
        .filter(digest -> !digest.equals(Digest.EMPTY))
        .filter(digest -> !report.wholeBlobs().contains(digest))
        .forEach(digest -> verdict.falseComplete("blob " + digest));

    Receipts receipts = readReceipts();
    receipts.digests().stream()
        .filter(digest -> !report.chunkSizes().containsKey(digest))
        .forEach(digest -> verdict.lost("chunk " + digest + ", of which there is a receipt"));
    if (calm && receipts.stored() != report.chunks()) {
      verdict.fault(
          "%d receipts say STORED (expected: %d, one a chunk)"
              .formatted(receipts.stored(), report.chunks()));
    }
  }

  /**
   * What receipts say.
   *
   * @param digests what the store holds, according to them
   * @param stored how many say that it did not hold it before
   */
  private record Receipts(Set<Digest> digests, long stored) {}

  private Receipts readReceipts() throws IOException {
    Set<Digest> digests = new HashSet<>();
    long[] stored = {0};
    try {
      CastoreConfig config =
          CastoreConfig.of(Map.of("bootstrap.servers", cluster.bootstrapServers()));
      try (TopicTail<UploadId, ChunkReceipt> tail =
          new TopicTail<>(config, config.topics().chunkReceipts())) {
        tail.readToEnd(
            (upload, receipt) -> {
              switch (receipt.getResult()) {
                case STORED -> {
                  stored[0]++;
                  digests.add(Digest.of(receipt.getDigest().toByteArray()));
                }
                case DEDUPLICATED -> digests.add(Digest.of(receipt.getDigest().toByteArray()));
                case MISSING, CLAIMED -> {}
                default -> verdict.fault("a receipt of " + upload + ": " + receipt.getReason());
              }
            });
      }
    } catch (InvalidConfigException impossible) {
      throw new IOException(impossible);
    }
    return new Receipts(digests, stored[0]);
  }

  /** Restores everything below a directory, and compares it with what was ingested. */
  void checkRestore(CommandResult ingest, Path directory) throws IOException {
    CommandResult restore =
        cluster
            .client()
            .runWithInput(ingest.out(), "restore", "-", directory.toString(), "--quiet");
    if (restore.exitCode() != 0) {
      verdict.fault("restore: " + restore);
    }
    for (String path : sample.digests().keySet()) {
      Path restored = directory.resolve(path);
      if (!Files.exists(restored) || Files.mismatch(restored, sample.parent().resolve(path)) >= 0) {
        verdict.falseComplete("restored otherwise: " + path);
      }
    }
  }
}
