package io.castore.cli.command;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.castore.audit.verify.Finding;
import io.castore.cli.progress.ProgressText;
import io.castore.content.layout.BucketObject;
import java.io.IOException;

/** Writes what is damaged or missing, for people or as JSON. */
final class AuditReport {
  private final Output output;
  private final boolean json;

  AuditReport(Output output, boolean json) {
    this.output = output;
    this.json = json;
  }

  void tell(Finding finding) throws IOException {
    if (json) {
      output.result(toJson(finding));
      return;
    }
    output.result(
        "%-7s  %s  (%s)"
            .formatted(
                finding.isMissing() ? "missing" : "damaged",
                finding.object().key(),
                finding.reason()));
    boolean isBlob = finding.object() instanceof BucketObject.Blob;
    for (Finding.Hit hit : finding.hits()) {
      String subject = isBlob ? "         a blob" : "         hits blob " + hit.blob();
      output.result(subject + sources(hit));
    }
    long more = finding.hitCount() - finding.hits().size();
    if (more > 0) {
      output.result("         hits " + ProgressText.count(more, "more blob"));
    }
  }

  private static String sources(Finding.Hit hit) {
    long more = hit.sourceCount() - hit.sources().size();
    String named = String.join(", ", hit.sources());
    String text = more > 0 ? named + ", and " + more + " more" : named;
    return text.isEmpty() ? "" : " of " + text;
  }

  private static ObjectNode toJson(Finding finding) {
    ObjectNode object =
        JsonNodeFactory.instance
            .objectNode()
            .put("object", finding.object().key())
            .put("kind", kind(finding.object()))
            .put("problem", finding.isMissing() ? "missing" : "damaged")
            .put("reason", finding.reason())
            .put("blobs", finding.hitCount());
    ArrayNode hits = object.putArray("hits");
    for (Finding.Hit hit : finding.hits()) {
      ObjectNode one =
          hits.addObject().put("blob", hit.blob().toHex()).put("source_count", hit.sourceCount());
      ArrayNode sources = one.putArray("sources");
      hit.sources().forEach(sources::add);
    }
    return object;
  }

  static String kind(BucketObject object) {
    if (object instanceof BucketObject.Chunk) {
      return "chunk";
    }
    return object instanceof BucketObject.Blob ? "blob" : "identity";
  }
}
