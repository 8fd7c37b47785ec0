package io.castore.gc;

import io.castore.content.digest.Digest;
import io.castore.pipeline.records.Drops;
import io.castore.pipeline.scratch.ScratchStore;
import io.castore.proto.pipeline.RootRule;
import io.castore.proto.pipeline.RootRule.Drop;
import java.io.IOException;
import java.util.Optional;

/**
 * The rule that counts for each blob, on disk.
 *
 * <p>A drop that follows a pin without an unpin between does not count, since whoever wrote it had
 * not seen the pin, unless it is there to lift the pin.
 *
 * <p>Not thread-safe.
 */
final class RuleTable {
  private final RootRules rules;
  private final DigestTable table;

  RuleTable(RootRules rules, ScratchStore scratch) {
    this.rules = rules;
    table = new DigestTable(scratch, ScratchKeys.RULES);
  }

  /** Reads all rules anew. */
  void read() throws IOException {
    table.clear();
    rules.read(
        (blob, rule) -> {
          if (rule == null) {
            table.remove(blob);
          } else if (Drops.counts(rule, isPinned(blob))) {
            put(blob, rule);
          }
        });
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
