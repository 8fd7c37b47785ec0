package io.castore.index;

import io.castore.content.blob.MissingChunkException;
import io.castore.content.chunking.ChunkSizes;
import io.castore.content.digest.Digest;
import io.castore.content.layout.BlobIndex;
import io.castore.content.layout.BucketLayout;
import io.castore.content.layout.ChunkRef;
import io.castore.content.layout.CorruptObjectException;
import io.castore.content.objectstore.ObjectBody;
import io.castore.content.objectstore.ObjectStore;
import java.io.IOException;
import java.io.InputStream;
import java.util.Iterator;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes blob objects. Of several writers of one blob the first wins, and a list that is readable
 * is never replaced by another, even an equally good one.
 *
 * <p>Safe for use by many threads.
 */
final class BlobPublisher {
  private static final Logger log = LoggerFactory.getLogger(BlobPublisher.class);

  private final ObjectStore store;

  BlobPublisher(ObjectStore store) {
    this.store = store;
  }

  /**
   * Makes a blob readable whose chunks are all durable. When this returns nothing, its object is
   * durable, too.
   *
   * @param count how many chunks it has
   * @param size its length, in bytes
   * @param chunks opens its chunks, from the first one on; called several times, and each stream is
   *     closed here
   * @return why nothing was written, where there is a list that can be read and comes to another
   *     size: one of the two is wrong then, and which cannot be told without reading both
   * @throws IOException if the store gave no answer; the object may be there or not
   */
  Optional<String> publish(Digest blob, long count, long size, Supplier<Stream<ChunkRef>> chunks)
      throws IOException {
    String key = BucketLayout.blobKey(blob);
    ObjectBody body = BlobIndex.body(count, encodedLength(chunks), chunks);
    if (store.putIfAbsent(key, body)) {
      return Optional.empty();
    }
    try {
      long present = sizeOfPresent(blob, size, chunks);
      return present == size
          ? Optional.empty()
          : Optional.of(
              "the store has an object %s whose chunks have %d bytes (expected: %d)"
                  .formatted(key, present, size));
    } catch (CorruptObjectException | MissingChunkException unreadable) {
      log.warn("Replacing the object {}: {}", key, unreadable.getMessage());
      store.put(key, body);
      return Optional.empty();
    }
  }

  private static long encodedLength(Supplier<Stream<ChunkRef>> chunks) {
    try (Stream<ChunkRef> all = chunks.get()) {
      return all.mapToLong(chunk -> BlobIndex.entryLength(chunk.size())).sum();
    }
  }

  /**
   * Adds up the chunks of the object that is there. Where it lists none, the blob is a single
   * chunk, of the size that it is said to have.
   *
   * @throws CorruptObjectException if it is no list of the blob's chunks
   * @throws MissingChunkException if the store does not hold a chunk that it lists
   */
  private long sizeOfPresent(Digest blob, long size, Supplier<Stream<ChunkRef>> chunks)
      throws IOException {
    String key = BucketLayout.blobKey(blob);
    InputStream object =
        store.open(key).orElseThrow(() -> new CorruptObjectException(key, "it is gone"));
    long[] listed = {0, 0};
    boolean[] isTheBlob = {true};
    try (object;
        Stream<ChunkRef> ours = chunks.get()) {
      Iterator<ChunkRef> durable = ours.iterator();
      BlobIndex.visit(
          blob,
          object,
          ChunkSizes.LARGEST_LEGAL_CHUNK,
          chunk -> {
            boolean isOurs = durable.hasNext() && durable.next().equals(chunk);
            if (!isOurs) {
              requirePresent(blob, chunk.digest());
            }
            isTheBlob[0] &= chunk.digest().equals(blob);
            listed[0]++;
            listed[1] += chunk.size();
          });
    }
    if (listed[0] == 0 && size > 0) {
      requirePresent(blob, blob);
      return size;
    }
    if (listed[0] == 1 && !isTheBlob[0]) {
      throw new CorruptObjectException(key, "its only chunk has another digest than the blob");
    }
    return listed[1];
  }

  private void requirePresent(Digest blob, Digest chunk) throws IOException {
    if (store.stat(BucketLayout.chunkKey(chunk)).isEmpty()) {
      throw new MissingChunkException(blob, chunk);
    }
  }
}
