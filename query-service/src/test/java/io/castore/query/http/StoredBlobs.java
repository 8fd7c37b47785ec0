package io.castore.query.http;

import io.castore.content.codec.Frames;
import io.castore.content.digest.Blake3;
import io.castore.content.digest.Digest;
import io.castore.content.layout.BlobIndex;
import io.castore.content.layout.BucketLayout;
import io.castore.content.layout.ChunkList;
import io.castore.content.layout.ChunkRef;
import io.castore.content.objectstore.MemoryObjectStore;
import io.castore.content.objectstore.ObjectBody;
import io.castore.content.reading.ReadLimits;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Random;

/** A store that tests put sound and damaged blobs into. */
final class StoredBlobs {
  static final ReadLimits LIMITS =
      new ReadLimits(8 << 20, 8 << 20, 64 << 20, 2, 4, Duration.ofSeconds(20));

  private final MemoryObjectStore store = new MemoryObjectStore();

  MemoryObjectStore store() {
    return store;
  }

  static byte[] bytes(int seed, int length) {
    byte[] bytes = new byte[length];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  static byte[] concat(byte[]... parts) {
    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      whole.writeBytes(part);
    }
    return whole.toByteArray();
  }

  Digest putChunk(byte[] chunk) {
    Digest digest = Blake3.hash(chunk);
    put(BucketLayout.chunkKey(digest), Frames.stated(chunk));
    return digest;
  }

  /** Stores a blob with all of its chunks. */
  Digest putBlob(byte[]... chunks) {
    for (byte[] chunk : chunks) {
      putChunk(chunk);
    }
    return putList(chunks);
  }

  /** Stores a blob's list without its chunks. */
  Digest putList(byte[]... chunks) {
    Digest blob = Blake3.hash(concat(chunks));
    if (chunks.length < 2) {
      put(BucketLayout.blobKey(blob), new byte[0]);
      return blob;
    }
    ChunkList.Builder list = ChunkList.builder(blob);
    for (byte[] chunk : chunks) {
      list.add(new ChunkRef(Blake3.hash(chunk), chunk.length));
    }
    putList(list.build());
    return blob;
  }

  void putList(ChunkList list) {
    try {
      store.put(BucketLayout.blobKey(list.blob()), BlobIndex.body(list));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Puts a frame of other bytes of the same length into a chunk's place. */
  void damageChunk(byte[] chunk) {
    byte[] other = chunk.clone();
    other[chunk.length / 2] ^= 1;
    put(BucketLayout.chunkKey(Blake3.hash(chunk)), Frames.stated(other));
  }

  void put(String key, byte[] object) {
    try {
      store.put(key, ObjectBody.of(object));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
