package io.castore.pipeline.known;

import io.castore.content.digest.Digest;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * This process's part of the deduplication state, and who has the other parts.
 *
 * <p>Safe for use by many threads.
 */
public interface StoredChunks {
  /** Identity of the store that the state is about. */
  String storeId();

  /**
   * Looks digests up, in some ten microseconds each, and asks nobody. A part of the state that
   * cannot be read now, since it is being restored or handed over, holds nothing.
   */
  Found find(List<Digest> digests);

  /**
   * What is known of some digests. One that is in neither is not known, or nobody is known who
   * would know it.
   *
   * @param here which ones the store holds: their PUTs were acknowledged
   * @param elsewhere which ones others have to know of, by where these are reached: unresolved
   *     names, and ports
   */
  record Found(Set<Digest> here, Map<InetSocketAddress, List<Digest>> elsewhere) {
    /** Takes copies. */
    public Found {
      here = Set.copyOf(here);
      elsewhere = Map.copyOf(elsewhere);
    }
  }
}
