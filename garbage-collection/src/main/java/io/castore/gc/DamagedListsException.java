package io.castore.gc;

import io.castore.content.layout.CorruptObjectException;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Blobs do not tell which chunks they need, since their objects are damaged or lost, so no chunk
 * can be known to be garbage. No chunk was collected. A person has them repaired, or dropped, and
 * starts again.
 */
public final class DamagedListsException extends Exception {
  private static final long serialVersionUID = 1L;

  DamagedListsException(List<CorruptObjectException> first, long count) {
    super(
        ("no chunk was collected: %d blobs do not tell which chunks they need (mend them with"
                + " 'castore audit repair', or give them up with 'castore rm'): %s%s")
            .formatted(
                count,
                first.stream()
                    .map(one -> one.key() + ": " + one.reason())
                    .collect(Collectors.joining("; ")),
                count > first.size() ? "; …" : ""));
  }
}
