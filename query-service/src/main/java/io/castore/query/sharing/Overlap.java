package io.castore.query.sharing;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.castore.content.digest.Digest;
import io.castore.content.layout.ChunkList;
import io.castore.query.uploads.KnownBlob;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which chunks of one blob other blobs have, too. A digest of many chunks is compared by the first
 * of them.
 *
 * <p>Not thread-safe.
 */
final class Overlap {
  /** Of the blob itself: at 40 bytes a chunk and about 100 in the table, some 10 MB. */
  static final int MOST_CHUNKS = 65_536;

  private static final int MOST_BLOBS_TOLD = 50;

  private final Digest blob;
  private final int compared;
  private final int[] distinct;
  private final Map<Digest, Integer> numbers = new HashMap<>();
  private final List<Integer> sizes = new ArrayList<>();
  private final int[] sharers;
  private final List<Shared> found = new ArrayList<>();

  /** A blob that has some of the chunks, each counted once. */
  private record Shared(KnownBlob blob, int chunks, long bytes) {}

  Overlap(ChunkList own) {
    blob = own.blob();
    compared = Math.min(own.count(), MOST_CHUNKS);
    distinct = new int[compared];
    for (int i = 0; i < compared; i++) {
      Integer number = numbers.putIfAbsent(own.get(i).digest(), sizes.size());
      if (number == null) {
        number = sizes.size();
        sizes.add((int) own.get(i).size());
      }
      distinct[i] = number;
    }
    sharers = new int[sizes.size()];
  }

  /** Looks at a blob that is a single chunk. */
  void addSingle(KnownBlob other) {
    Integer number = numbers.get(other.digest());
    add(other, number == null ? Set.of() : Set.of(number));
  }

  /** Looks at a blob. */
  void add(KnownBlob other, ChunkList chunks) {
    Set<Integer> shared = new HashSet<>();
    for (int i = 0; i < chunks.count(); i++) {
      Integer number = numbers.get(chunks.get(i).digest());
      if (number != null) {
        shared.add(number);
      }
    }
    add(other, shared);
  }

  private void add(KnownBlob other, Set<Integer> shared) {
    if (shared.isEmpty()) {
      return;
    }
    long bytes = 0;
    for (int number : shared) {
      sharers[number]++;
      bytes += sizes.get(number);
    }
    found.add(new Shared(other, shared.size(), bytes));
  }

  /** Tells what was found, the blobs with the most bytes in common first. */
  ObjectNode json() {
    ObjectNode root =
        JsonNodeFactory.instance
            .objectNode()
            .put("digest", blob.toHex())
            .put("chunks_compared", compared)
            .put("blobs_found", found.size());
    ArrayNode blobs = root.putArray("blobs");
    found.stream()
        .sorted(Comparator.comparingLong(Shared::bytes).reversed())
        .limit(MOST_BLOBS_TOLD)
        .forEach(
            shared ->
                blobs
                    .addObject()
                    .put("digest", shared.blob().digest().toHex())
                    .put("source", shared.blob().source())
                    .put("size", shared.blob().size())
                    .put("chunks", shared.blob().chunks())
                    .put("shared_chunks", shared.chunks())
                    .put("shared_bytes", shared.bytes()));
    ArrayNode counts = root.putArray("chunk_blobs");
    for (int number : distinct) {
      counts.add(sharers[number]);
    }
    return root;
  }
}
