package io.castore.cli.command;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.castore.cli.progress.ProgressText;
import io.castore.gc.CollectionReport;
import io.castore.gc.CollectionReport.Tally;
import java.util.List;
import java.util.Locale;

/** Writes what a collection did, for people and for programs. */
final class GcText {
  private GcText() {}

  static List<String> lines(CollectionReport report, double seconds) {
    return List.of(
        line("blobs ", report.blobs(), report.dryRun()),
        line("chunks", report.chunks(), report.dryRun()),
        String.format(
            Locale.ROOT,
            "%s %s in %.1f s; %s on their way; %s by retention",
            report.dryRun() ? "would free" : "freed",
            ProgressText.bytes(report.blobs().freedBytes() + report.chunks().freedBytes()),
            seconds,
            ProgressText.count(report.unfinishedUploads(), "upload"),
            ProgressText.count(report.lapsedBlobs(), "blob") + " dropped"));
  }

  private static String line(String noun, Tally tally, boolean dryRun) {
    return "%s  %d in the store, %d needed, %d young, %d in use since, %d %s (%s), %d not removed"
        .formatted(
            noun,
            tally.looked(),
            tally.live(),
            tally.young(),
            tally.referred(),
            tally.freed(),
            dryRun ? "to be removed" : "removed",
            ProgressText.bytes(tally.freedBytes()),
            tally.notRemoved());
  }

  static ObjectNode json(CollectionReport report, double seconds) {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    root.put("dry_run", report.dryRun())
        .put("seconds", seconds)
        .put("uploads_on_their_way", report.unfinishedUploads())
        .put("dropped_by_retention", report.lapsedBlobs());
    put(root.putObject("blobs"), report.blobs());
    put(root.putObject("chunks"), report.chunks());
    return root;
  }

  private static void put(ObjectNode object, Tally tally) {
    object
        .put("looked_at", tally.looked())
        .put("looked_at_bytes", tally.lookedBytes())
        .put("needed", tally.live())
        .put("kept_young", tally.young())
        .put("kept_in_use", tally.referred())
        .put("freed", tally.freed())
        .put("freed_bytes", tally.freedBytes())
        .put("not_removed", tally.notRemoved());
  }
}
