package io.castore.audit.replay;

import io.castore.audit.replay.Difference.Kind;
import io.castore.audit.table.Bytes;
import io.castore.audit.table.Table;
import io.castore.pipeline.scratch.ScratchStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.Map;

/** What differs, in one order whatever the order it was found in. Safe for use by many threads. */
public final class Differences {
  private final Table found;

  Differences(ScratchStore scratch) {
    found = new Table(scratch, 'D');
  }

  /** Takes differences. */
  @FunctionalInterface
  public interface Visitor {
    /** Takes the next one; an exception ends the visit and reaches its caller. */
    void visit(Difference difference) throws IOException;
  }

  void add(Kind kind, String subject, String detail) throws IOException {
    found.put(
        Bytes.join(new byte[] {(byte) kind.place()}, subject.getBytes(StandardCharsets.UTF_8)),
        detail.getBytes(StandardCharsets.UTF_8));
  }

  /** Visits them by kind, and by subject. */
  public void visit(Visitor visitor) throws IOException {
    found.<IOException>visitAll(
        (key, value) ->
            visitor.visit(
                new Difference(
                    Kind.at((char) key[0]),
                    new String(key, 1, key.length - 1, StandardCharsets.UTF_8),
                    new String(value, StandardCharsets.UTF_8))));
  }

  /** How many there are of each kind. */
  Map<Kind, Long> counts() throws IOException {
    Map<Kind, Long> counts = new EnumMap<>(Kind.class);
    visit(difference -> counts.merge(difference.kind(), 1L, Long::sum));
    return counts;
  }
}
