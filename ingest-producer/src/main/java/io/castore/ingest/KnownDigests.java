package io.castore.ingest;

import io.castore.content.digest.Digest;
import io.castore.proto.pipeline.ChunkReceipt;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Digests of chunks that the store is known to hold, for as many as there is room for: the one that
 * was not asked for or told of for longest gives way.
 *
 * <p>It learns from the receipts of whichever upload, for one store: what another one holds counts
 * for nothing, so that a receipt of another store is the beginning of a new memory. Others'
 * receipts are as good as one's own, have to be fetched with these anyway, and cost no more memory
 * than there is room for.
 *
 * <p>Of a digest the first 16 bytes are kept, in less than 100 bytes of memory all told. That they
 * are enough does not have to be believed: a reference carries its whole digest as its key, and the
 * chunker answers MISSING where it does not know exactly that.
 *
 * <p>Safe for use by many threads.
 */
final class KnownDigests {
  private final int capacity;
  private final LinkedHashMap<Start, Boolean> starts = new LinkedHashMap<>(16, 0.75f, true);
  private String storeId = "";

  /** With no room for any, nothing is known ever. */
  KnownDigests(int capacity) {
    this.capacity = capacity;
  }

  /** The first 16 bytes of a digest. */
  private record Start(long first, long second) {
    static Start of(Digest digest) {
      ByteBuffer bytes = ByteBuffer.wrap(digest.toBytes());
      return new Start(bytes.getLong(), bytes.getLong());
    }

    /** A digest is random, so any of its bits are a good hash. */
    @Override
    public int hashCode() {
      return (int) first;
    }
  }

  /** Takes what became of a chunk of any upload. */
  void heard(ChunkReceipt receipt) {
    if (capacity == 0 || receipt.getDigest().size() != Digest.LENGTH) {
      return;
    }
    Digest digest = Digest.of(receipt.getDigest().toByteArray());
    switch (receipt.getResult()) {
      case STORED, DEDUPLICATED -> learn(receipt.getStoreId(), digest);
      case REJECTED, MISSING -> forget(digest);
      case CLAIMED, RESULT_UNSPECIFIED, UNRECOGNIZED -> {}
    }
  }

  private synchronized void learn(String storedIn, Digest digest) {
    if (!storedIn.equals(storeId)) {
      starts.clear();
      storeId = storedIn;
    }
    starts.put(Start.of(digest), true);
    if (starts.size() > capacity) {
      Map.Entry<Start, Boolean> eldest = starts.entrySet().iterator().next();
      starts.remove(eldest.getKey());
    }
  }

  /** Knows a digest no longer. */
  synchronized void forget(Digest digest) {
    starts.remove(Start.of(digest));
  }

  /** Tells whether the store is known to hold a chunk. */
  synchronized boolean contains(Digest digest) {
    return starts.get(Start.of(digest)) != null;
  }
}
