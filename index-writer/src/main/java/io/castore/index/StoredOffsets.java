package io.castore.index;

import java.util.Map;
import java.util.Optional;

/** Knows how far the storing topology has come in the topic {@code chunks}. */
@FunctionalInterface
interface StoredOffsets {
  /**
   * Gives, for each partition, the offset up to which every record was stored and answered, some
   * seconds ago; {@link Long#MAX_VALUE} where that is all there was. Returns at once, and has it
   * read anew in the background where it is old.
   *
   * @return empty while it is not known
   */
  Optional<Map<Integer, Long>> stored();
}
