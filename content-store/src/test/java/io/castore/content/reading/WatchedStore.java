package io.castore.content.reading;

import io.castore.content.blob.MapObjects;
import io.castore.content.codec.Frames;
import io.castore.content.digest.Blake3;
import io.castore.content.digest.Digest;
import io.castore.content.layout.BlobIndex;
import io.castore.content.layout.BucketLayout;
import io.castore.content.layout.ChunkList;
import io.castore.content.layout.ChunkRef;
import io.castore.content.objectstore.ObjectInfo;
import io.castore.content.objectstore.ObjectReader;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Semaphore;

/** Objects in memory whose reads are noted, and can be held up. */
final class WatchedStore implements ObjectReader {
  private final MapObjects objects = new MapObjects();
  private final List<String> whole = new ArrayList<>();
  private final List<String> starts = new ArrayList<>();
  private final Semaphore gate = new Semaphore(Integer.MAX_VALUE / 2);
  private volatile Runnable onRead = () -> {};

  MapObjects objects() {
    return objects;
  }

  /** Lets no more reads through than {@link #letThrough} does. */
  void holdUp() {
    gate.drainPermits();
  }

  void letThrough(int reads) {
    gate.release(reads);
  }

  /** Tells how many reads are held up. */
  int heldUp() {
    return gate.getQueueLength();
  }

  /** Does this before each read of a whole object. */
  void onRead(Runnable action) {
    onRead = action;
  }

  /** Gives the keys that were opened so far. */
  synchronized List<String> opened() {
    return List.copyOf(whole);
  }

  /** Gives the keys whose first bytes were read so far. */
  synchronized List<String> started() {
    return List.copyOf(starts);
  }

  synchronized void forgetReads() {
    whole.clear();
    starts.clear();
  }

  @Override
  public Optional<InputStream> open(String key) throws IOException {
    synchronized (this) {
      whole.add(key);
    }
    onRead.run();
    // What is there when the read begins is what it gives.
    Optional<InputStream> object = objects.open(key);
    try {
      gate.acquire();
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
    return object;
  }

  @Override
  public Optional<byte[]> readStart(String key, int length) throws IOException {
    synchronized (this) {
      starts.add(key);
    }
    return objects.readStart(key, length);
  }

  @Override
  public Optional<ObjectInfo> stat(String key) {
    return objects.stat(key);
  }

  /** Stores content as a blob of chunks of these sizes, the last of which may be cut short. */
  ChunkList store(byte[] raw, int... sizes) throws IOException {
    ChunkList.Builder chunks = ChunkList.builder(Blake3.hash(raw));
    int start = 0;
    for (int i = 0; start < raw.length; i++) {
      int end = Math.min(raw.length, start + sizes[i % sizes.length]);
      byte[] chunk = Arrays.copyOfRange(raw, start, end);
      chunks.add(new ChunkRef(storeChunk(chunk), chunk.length));
      start = end;
    }
    ChunkList list = chunks.build();
    objects.put(BucketLayout.blobKey(list.blob()), BlobIndex.body(list));
    return list;
  }

  /** Stores a chunk. */
  Digest storeChunk(byte[] raw) {
    Digest digest = Blake3.hash(raw);
    objects.with(BucketLayout.chunkKey(digest), Frames.stated(raw));
    return digest;
  }

  /** Takes a chunk of a blob away, and gives its digest. */
  Digest loseChunk(ChunkList blob, int index) {
    Digest digest = blob.get(index).digest();
    objects.remove(BucketLayout.chunkKey(digest));
    return digest;
  }

  static byte[] randomBytes(int length, long seed) {
    byte[] bytes = new byte[length];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }
}
