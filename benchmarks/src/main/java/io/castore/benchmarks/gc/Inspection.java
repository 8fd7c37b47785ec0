package io.castore.benchmarks.gc;

import io.castore.content.blob.BlobReader;
import io.castore.content.digest.Blake3;
import io.castore.content.digest.Digest;
import io.castore.content.layout.BucketLayout;
import io.castore.content.layout.BucketObject;
import io.castore.content.layout.ChunkList;
import io.castore.content.objectstore.ObjectStore;
import java.io.IOException;
import java.io.InputStream;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Looks whether all is there that has to be, and nothing else. Asks nobody but the store. */
final class Inspection {
  private static final int BUFFER = 1 << 20;
  private static final int MOST_TOLD = 20;

  private final ObjectStore store;
  private final BlobReader blobs;
  private final byte[] buffer = new byte[BUFFER];
  private int told;

  Inspection(ObjectStore store) {
    this.store = store;
    blobs = new BlobReader(store);
  }

  /**
   * What was found.
   *
   * @param kept blobs that have to be there
   * @param dropped blobs that must not be there
   * @param open blobs that may be there
   * @param lost blobs of the first kind that cannot be read, or read as something else
   * @param left blobs of the second kind that are there
   * @param chunks in the store
   * @param strays chunks that no blob in the store lists
   */
  record Result(
      long kept, long dropped, long open, long lost, long left, long chunks, long strays) {
    boolean isClean() {
      return lost == 0 && left == 0 && strays == 0;
    }
  }

  Result inspect(Ledger ledger) throws Exception {
    Map<Ledger.Fate, Long> counts = new EnumMap<>(Ledger.Fate.class);
    long[] faults = {0, 0};
    ledger.visit(
        (blob, fate) -> {
          counts.merge(fate, 1L, Long::sum);
          if (fate == Ledger.Fate.KEPT) {
            Optional<String> fault = read(blob);
            if (fault.isPresent()) {
              faults[0]++;
              tell("lost: " + blob + ": " + fault.get());
            }
          } else if (fate == Ledger.Fate.DROPPED
              && store.stat(BucketLayout.blobKey(blob)).isPresent()) {
            faults[1]++;
            tell("not removed: " + BucketLayout.blobKey(blob));
          }
        });
    Set<Digest> listed = listed();
    long[] chunks = {0, 0};
    store.list(
        BucketLayout.CHUNK_PREFIX,
        object -> {
          if (BucketLayout.parse(object.key()).orElse(null) instanceof BucketObject.Chunk chunk) {
            chunks[0]++;
            if (!listed.contains(chunk.digest())) {
              chunks[1]++;
              tell("no blob lists it: " + object.key());
            }
          }
        });
    return new Result(
        counts.getOrDefault(Ledger.Fate.KEPT, 0L),
        counts.getOrDefault(Ledger.Fate.DROPPED, 0L),
        counts.getOrDefault(Ledger.Fate.OPEN, 0L),
        faults[0],
        faults[1],
        chunks[0],
        chunks[1]);
  }

  private Set<Digest> listed() throws IOException {
    Set<Digest> listed = new HashSet<>();
    store.list(
        BucketLayout.BLOB_PREFIX,
        object -> {
          if (BucketLayout.parse(object.key()).orElse(null) instanceof BucketObject.Blob blob) {
            ChunkList list = blobs.find(blob.digest()).orElseThrow();
            for (int place = 0; place < list.count(); place++) {
              listed.add(list.get(place).digest());
            }
          }
        });
    return listed;
  }

  private Optional<String> read(Digest blob) {
    Blake3 hash = new Blake3();
    try {
      if (!blob.equals(Digest.EMPTY) && store.stat(BucketLayout.blobKey(blob)).isEmpty()) {
        return Optional.of("it has no object");
      }
      Optional<ChunkList> list = blobs.find(blob);
      if (list.isEmpty()) {
        return Optional.of("it is not there");
      }
      try (InputStream in = blobs.open(list.get())) {
        for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
          hash.update(buffer, 0, length);
        }
      }
    } catch (IOException unreadable) {
      return Optional.of(unreadable.toString());
    }
    return hash.finish().equals(blob) ? Optional.empty() : Optional.of("it reads as other bytes");
  }

  private void tell(String fault) {
    if (told++ < MOST_TOLD) {
      System.err.println(fault);
    }
  }
}
