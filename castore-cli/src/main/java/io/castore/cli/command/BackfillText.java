package io.castore.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.castore.cli.progress.ProgressText;
import io.castore.feeds.backfill.BackfillProgress;
import io.castore.feeds.backfill.Candidate;
import java.util.Locale;

/** Puts into words what a backfill did. */
final class BackfillText {
  private BackfillText() {}

  static String done(BackfillProgress done, double seconds) {
    return "%d listed%s, %d skipped as unchanged, %d ingested (%d with new content), %d failed; %s in %s s (%s), %s new"
        .formatted(
            done.listed(),
            leftOut(done),
            done.skipped(),
            done.ingested(),
            done.fresh(),
            done.failed(),
            ProgressText.bytes(done.bytes()),
            String.format(Locale.ROOT, "%.1f", seconds),
            ProgressText.rate(done.bytes(), seconds),
            ProgressText.bytes(done.newBytes()));
  }

  static String planned(BackfillProgress survey) {
    long wanted = survey.listed() - survey.leftOut() - survey.skipped();
    return "%d listed%s, %d unchanged, %d to be ingested, %d failed"
        .formatted(survey.listed(), leftOut(survey), survey.skipped(), wanted, survey.failed());
  }

  private static String leftOut(BackfillProgress done) {
    return done.leftOut() == 0 ? "" : ", %d left out".formatted(done.leftOut());
  }

  static JsonNode json(BackfillProgress done, double seconds) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("listed", done.listed())
        .put("left_out", done.leftOut())
        .put("skipped", done.skipped())
        .put("ingested", done.ingested())
        .put("new", done.fresh())
        .put("failed", done.failed())
        .put("bytes", done.bytes())
        .put("new_bytes", done.newBytes())
        .put("seconds", Math.round(seconds * 1000) / 1000.0);
  }

  static JsonNode json(Candidate candidate) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("source", candidate.name())
        .put("size", candidate.size());
  }
}
