package io.castore.cli.command;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.castore.cli.listing.ChecksumLine;
import io.castore.cli.progress.ProgressText;
import io.castore.content.digest.Digest;
import io.castore.pipeline.records.UploadId;
import io.castore.proto.pipeline.SourceEntry;
import io.castore.proto.pipeline.SourceVersion;
import java.time.Instant;

/** Writes sources for people and for programs. */
final class SourceText {
  private SourceText() {}

  /** A line as ingest prints it, with the source's name for the path. */
  static String line(String name, SourceEntry entry) {
    return new ChecksumLine(digest(entry), name).format();
  }

  /** The same, with the content's size, and when it was complete. */
  static String longLine(String name, SourceEntry entry) {
    String line = line(name, entry);
    int afterDigest = line.indexOf(' ');
    return "%s  %10s  %s%s"
        .formatted(
            line.substring(0, afterDigest),
            ProgressText.bytes(entry.getSize()),
            Instant.ofEpochMilli(entry.getCompletedAtMs()),
            line.substring(afterDigest));
  }

  /** Times are ISO 8601, but for the version's, and sizes are bytes. */
  static ObjectNode json(String name, SourceEntry entry, boolean removed) {
    ObjectNode object =
        JsonNodeFactory.instance
            .objectNode()
            .put("source", name)
            .put("digest", digest(entry).toHex())
            .put("size", entry.getSize())
            .put("upload_id", UploadId.of(entry.getUploadId().toByteArray()).toString())
            .put("completed_at", Instant.ofEpochMilli(entry.getCompletedAtMs()).toString());
    if (entry.hasVersion()) {
      object.set("version", version(entry.getVersion()));
    }
    return removed ? object.put("removed", true) : object;
  }

  private static ObjectNode version(SourceVersion version) {
    ObjectNode object = JsonNodeFactory.instance.objectNode().put("size", version.getSize());
    if (!version.getEtag().isEmpty()) {
      object.put("etag", version.getEtag());
    }
    if (version.getModifiedAtNs() != 0) {
      object.put("modified_at_ns", version.getModifiedAtNs());
    }
    if (!version.getSequencer().isEmpty()) {
      object.put("sequencer", version.getSequencer());
    }
    return object;
  }

  static Digest digest(SourceEntry entry) {
    return Digest.of(entry.getBlobDigest().toByteArray());
  }
}
