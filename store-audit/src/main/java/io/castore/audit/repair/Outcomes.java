package io.castore.audit.repair;

import io.castore.audit.repair.RepairOutcome.Result;
import io.castore.audit.table.Table;
import io.castore.content.layout.BucketLayout;
import io.castore.content.layout.BucketObject;
import io.castore.pipeline.scratch.ScratchStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** What became of each object, on disk. Safe for use by many threads. */
public final class Outcomes {
  private final Table outcomes;

  Outcomes(ScratchStore scratch) {
    outcomes = new Table(scratch, 'Z');
  }

  /** Takes outcomes. */
  @FunctionalInterface
  public interface Visitor {
    /** Takes the next one; an exception ends the visit and reaches its caller. */
    void visit(RepairOutcome outcome) throws IOException;
  }

  void put(BucketObject object, Result result, String reason) throws IOException {
    outcomes.put(
        object.key().getBytes(StandardCharsets.US_ASCII),
        (result + " " + reason).getBytes(StandardCharsets.UTF_8));
  }

  /** Visits what became of each object, in the order of their keys. */
  public void visit(Visitor visitor) throws IOException {
    outcomes.<IOException>visitAll(
        (key, value) -> {
          Optional<BucketObject> object =
              BucketLayout.parse(new String(key, StandardCharsets.US_ASCII));
          String[] parts = new String(value, StandardCharsets.UTF_8).split(" ", 2);
          if (object.isPresent()) {
            visitor.visit(new RepairOutcome(object.get(), Result.valueOf(parts[0]), parts[1]));
          }
        });
  }

  /** How many there are of a kind. */
  public long count(Result result) throws IOException {
    long[] count = {0};
    visit(outcome -> count[0] += outcome.result() == result ? 1 : 0);
    return count[0];
  }
}
