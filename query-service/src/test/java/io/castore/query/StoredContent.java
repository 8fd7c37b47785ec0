package io.castore.query;

import io.castore.content.blob.MapObjects;
import io.castore.content.chunking.ChunkSizes;
import io.castore.content.chunking.FastCdc;
import io.castore.content.codec.ChunkCodec;
import io.castore.content.digest.Blake3;
import io.castore.content.digest.Digest;
import io.castore.content.layout.BlobIndex;
import io.castore.content.layout.BucketLayout;
import io.castore.content.layout.ChunkList;
import io.castore.content.layout.ChunkRef;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;

/** A store, filled as the pipeline fills one. */
public final class StoredContent {
  private final MapObjects objects = new MapObjects();
  private final ChunkCodec codec = new ChunkCodec(1);
  private final FastCdc splitter = new FastCdc(ChunkSizes.DEFAULT);

  /** Gives the store. */
  public MapObjects objects() {
    return objects;
  }

  /** Stores a blob and all its chunks. */
  public synchronized ChunkList put(byte[] content) {
    ChunkList.Builder list = ChunkList.builder(Blake3.hash(content));
    for (int at = 0; at < content.length; ) {
      int length = splitter.cut(content, at, content.length - at);
      Digest chunk = Blake3.hash(content, at, length);
      objects.with(BucketLayout.chunkKey(chunk), codec.compress(content, at, length));
      list.add(new ChunkRef(chunk, length));
      at += length;
    }
    return putList(list.build());
  }

  /** Stores a blob's list alone. */
  public ChunkList putList(ChunkList list) {
    try (InputStream body = BlobIndex.body(list).open()) {
      objects.with(BucketLayout.blobKey(list.blob()), body.readAllBytes());
      return list;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Has a chunk's object hold other bytes of the same length. */
  public void corrupt(ChunkRef chunk) {
    byte[] other = new byte[(int) chunk.size()];
    Arrays.fill(other, (byte) 1);
    objects.with(BucketLayout.chunkKey(chunk.digest()), codec.compress(other, 0, other.length));
  }
}
