package io.castore.gc;

import io.castore.content.digest.Digest;
import io.castore.pipeline.records.Drops;
import io.castore.pipeline.scratch.ScratchStore;
import io.castore.proto.pipeline.RootRule;
import io.castore.proto.pipeline.RootRule.Drop;
import java.io.IOException;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * The rule that counts for each blob, on disk.
 *
 * <p>A drop that follows a pin without an unpin between does not count, since whoever wrote it had
 * not seen the pin, unless it is there to lift the pin. Of two drops, neither takes back what the
 * other one says.
 *
 * <p>Not thread-safe.
 */
final class RuleTable {
  private final RootRules rules;
  private final DigestTable table;

  /** Where two were written at the same time: hardly ever. */
  private final Set<Digest> merged = new HashSet<>();

  RuleTable(RootRules rules, ScratchStore scratch) {
    this.rules = rules;
    table = new DigestTable(scratch, ScratchKeys.RULES);
  }

  /** Reads all rules anew. */
  void read() throws IOException {
    table.clear();
    merged.clear();
    rules.read(
        (blob, rule) -> {
          merged.remove(blob);
          if (rule == null) {
            table.remove(blob);
            return;
          }
          RootRule latest = Drops.latest(get(blob).orElse(null), rule);
          put(blob, latest);
          if (latest.hasDrop() && !latest.equals(rule)) {
            merged.add(blob);
          }
        });
  }

  /**
   * Gives what counts of a blob where the newest record of it alone does not say so, and so has to
   * be written once more, or it may be compacted away: a pin that a drop came right behind, or two
   * drops that were written at the same time.
   */
  Optional<RootRule> toRepeat(Digest blob) throws IOException {
    return get(blob).filter(rule -> rule.hasPin() || merged.contains(blob));
  }

  /** Has a rule count here alone. */
  void put(Digest blob, RootRule rule) throws IOException {
    table.put(blob, rule.toByteArray());
  }

  Optional<RootRule> get(Digest blob) throws IOException {
    Optional<byte[]> rule = table.get(blob);
    return rule.isEmpty() ? Optional.empty() : Optional.of(RootRule.parseFrom(rule.get()));
  }

  boolean isPinned(Digest blob) throws IOException {
    return get(blob).filter(RootRule::hasPin).isPresent();
  }

  /** Takes blobs. */
  @FunctionalInterface
  interface Visitor {
    /** Takes the next one. */
    void visit(Digest blob) throws IOException;
  }

  /** Visits the blobs that are pinned. */
  void visitPinned(Visitor visitor) throws IOException {
    table.visit(
        (blob, rule) -> {
          if (RootRule.parseFrom(rule).hasPin()) {
            visitor.visit(blob);
          }
        });
  }

  Optional<Drop> drop(Digest blob) throws IOException {
    return get(blob).filter(RootRule::hasDrop).map(RootRule::getDrop);
  }

  /** Whether a complete upload does not keep its blob any longer. */
  static boolean isDropped(UploadTable.Entry complete, Drop drop) {
    return Drops.covers(drop, complete.id(), complete.partition(), complete.offset());
  }
}
