package io.castore.endtoend;

import io.castore.content.blob.BlobReader;
import io.castore.content.blob.ChunkReader;
import io.castore.content.chunking.ChunkSizes;
import io.castore.content.digest.Blake3;
import io.castore.content.digest.Digest;
import io.castore.content.layout.BlobIndex;
import io.castore.content.layout.BucketLayout;
import io.castore.content.layout.BucketObject;
import io.castore.content.layout.ChunkList;
import io.castore.content.layout.ChunkRef;
import io.castore.content.layout.StoreIdentity;
import io.castore.content.objectstore.ObjectInfo;
import io.castore.content.objectstore.ObjectStore;
import io.castore.content.objectstore.ObjectStores;
import io.castore.content.objectstore.S3Settings;
import io.castore.content.objectstore.StoreUrl;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Walks a whole store and finds whatever must never be in one, at any moment, whoever was killed
 * while writing:
 *
 * <ul>
 *   <li>a key that is not of the layout,
 *   <li>a chunk whose object is not a frame of bytes that have the digest in the key,
 *   <li>a blob whose object is no list, or lists a chunk that is not there or has another size,
 *   <li>a blob without a list whose single chunk is not there,
 *   <li>an identity that cannot be read, or none beside other objects,
 *   <li>where asked for: a blob whose chunks together do not have its digest.
 * </ul>
 *
 * <p>A chunk that no blob lists is no fault: its upload may be on its way, or have been given up.
 *
 * <p>Holds the digest of every object in memory, so it is for stores of tests. Used once, by one
 * thread.
 */
public final class StoreWalker {
  private final ObjectStore store;
  private final ChunkReader chunkReader;
  private final Map<Digest, Integer> chunkSizes = new HashMap<>();
  private final List<Digest> blobs = new ArrayList<>();
  private final Set<Digest> wholeBlobs = new HashSet<>();
  private final List<String> faults = new ArrayList<>();
  private boolean hasIdentity;

  private StoreWalker(ObjectStore store) {
    this.store = store;
    this.chunkReader = new ChunkReader(store);
  }

  /**
   * What a walk found.
   *
   * @param chunkSizes the chunks that are whole, and the length of each, raw, in bytes
   * @param wholeBlobs the blobs in which no fault was found
   * @param blobs how many blobs there are
   * @param faults what must not be, each naming its object
   */
  public record Report(
      Map<Digest, Integer> chunkSizes, Set<Digest> wholeBlobs, long blobs, List<String> faults) {
    /** Counts the chunks. */
    public long chunks() {
      return chunkSizes.size();
    }

    /** Sums up their raw length, in bytes. */
    public long chunkBytes() {
      return chunkSizes.values().stream().mapToLong(Integer::longValue).sum();
    }

    /** Fails, telling all, if there are faults. */
    public Report withoutFaults() {
      if (!faults.isEmpty()) {
        throw new AssertionError(
            faults.size() + " faults in the store:\n" + String.join("\n", faults));
      }
      return this;
    }
  }

  /** Walks a directory's store, reading each blob as a whole too. */
  public static Report walk(Path directory) throws IOException {
    try (ObjectStore store =
        ObjectStores.open(
            new StoreUrl.Directory(directory.toAbsolutePath()), S3Settings.DEFAULTS)) {
      return walk(store, true);
    }
  }

  /**
   * Walks a store.
   *
   * @param wholeBlobs whether to read each blob as a whole too, and check its digest
   * @throws IOException if the store gives no answer
   */
  public static Report walk(ObjectStore store, boolean wholeBlobs) throws IOException {
    StoreWalker walker = new StoreWalker(store);
    store.list("", walker::meet);
    if (!walker.hasIdentity && walker.chunkSizes.size() + walker.blobs.size() > 0) {
      walker.faults.add(BucketLayout.IDENTITY_KEY + ": there is none");
    }
    for (Digest blob : walker.blobs) {
      walker.check(
          BucketLayout.blobKey(blob),
          () -> {
            walker.checkList(blob);
            if (wholeBlobs) {
              walker.checkContent(blob);
            }
            walker.wholeBlobs.add(blob);
          });
    }
    return new Report(
        Map.copyOf(walker.chunkSizes),
        Set.copyOf(walker.wholeBlobs),
        walker.blobs.size(),
        List.copyOf(walker.faults));
  }

  private void meet(ObjectInfo object) {
    Optional<BucketObject> parsed = BucketLayout.parse(object.key());
    if (parsed.isEmpty()) {
      faults.add(object.key() + ": is no key of the layout");
    } else if (parsed.get() instanceof BucketObject.Chunk chunk) {
      check(object.key(), () -> checkChunk(chunk.digest()));
    } else if (parsed.get() instanceof BucketObject.Blob blob) {
      blobs.add(blob.digest());
    } else {
      hasIdentity = true;
      check(object.key(), this::checkIdentity);
    }
  }

  private void checkIdentity() throws IOException {
    if (StoreIdentity.find(store).isEmpty()) {
      throw new FileNotFoundException("is gone");
    }
  }

  private void checkChunk(Digest digest) throws IOException {
    byte[] raw = chunkReader.read(digest).orElseThrow(FileNotFoundException::new);
    if (raw.length == 0) {
      throw new IOException("is an empty chunk");
    }
    chunkSizes.put(digest, raw.length);
  }

  private void checkList(Digest blob) throws IOException {
    try (InputStream object =
        store.open(BucketLayout.blobKey(blob)).orElseThrow(FileNotFoundException::new)) {
      Optional<ChunkList> list =
          BlobIndex.parse(
              blob, object, ChunkSizes.LARGEST_LEGAL_CHUNK, BlobReader.DEFAULT_MAX_CHUNKS);
      if (list.isPresent()) {
        for (ChunkRef chunk : (Iterable<ChunkRef>) list.get().stream()::iterator) {
          checkListed(chunk);
        }
      } else if (!blob.equals(Digest.EMPTY) && !chunkSizes.containsKey(blob)) {
        throw new IOException("lists nothing, and there is no chunk of its digest");
      }
    }
  }

  private void checkListed(ChunkRef chunk) throws IOException {
    Integer size = chunkSizes.get(chunk.digest());
    if (size == null) {
      throw new IOException("lists a chunk that is not there: " + chunk);
    }
    if (size != chunk.size()) {
      throw new IOException("lists a chunk of " + size + " bytes as " + chunk);
    }
  }

  private void checkContent(Digest blob) throws IOException {
    BlobReader reader = new BlobReader(store);
    Blake3 hash = new Blake3();
    byte[] buffer = new byte[1 << 16];
    try (InputStream in = reader.open(reader.find(blob).orElseThrow(FileNotFoundException::new))) {
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        hash.update(buffer, 0, read);
      }
    }
    Digest actual = hash.finish();
    if (!actual.equals(blob)) {
      throw new IOException("its content has the digest " + actual);
    }
  }

  @FunctionalInterface
  private interface Check {
    void run() throws IOException;
  }

  private void check(String key, Check check) {
    try {
      check.run();
    } catch (IOException fault) {
      faults.add(key + ": " + fault.getMessage());
    }
  }
}
