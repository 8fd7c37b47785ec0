package io.castore.blobs;

import io.castore.content.chunking.ChunkSizes;
import io.castore.content.chunking.ChunkSplitter;
import io.castore.content.codec.ChunkCodec;
import io.castore.content.digest.Blake3;
import io.castore.content.digest.Digest;
import io.castore.content.layout.BlobIndex;
import io.castore.content.layout.BucketLayout;
import io.castore.content.layout.ChunkList;
import io.castore.content.layout.ChunkRef;
import io.castore.content.objectstore.ObjectBody;
import io.castore.content.objectstore.ObjectWriter;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Random;

/** Contents, and how they come into a store without a pipeline. */
final class SampleBlobs {
  private static final ChunkCodec CODEC = new ChunkCodec(ChunkCodec.DEFAULT_LEVEL);
  private static final ChunkSizes SIZES = new ChunkSizes(4096);

  private SampleBlobs() {}

  static byte[] random(int length, long seed) {
    byte[] content = new byte[length];
    new Random(seed).nextBytes(content);
    return content;
  }

  /** Cuts a content into chunks of 4 KiB on average. */
  static ChunkList chunks(byte[] content) throws IOException {
    ChunkList.Builder list = ChunkList.builder(Blake3.hash(content));
    new ChunkSplitter(SIZES)
        .split(
            new ByteArrayInputStream(content),
            (buffer, offset, length) ->
                list.add(new ChunkRef(Blake3.hash(buffer, offset, length), length)));
    return list.build();
  }

  /** Stores a content and its chunks. */
  static Digest store(ObjectWriter store, byte[] content) throws IOException {
    ChunkList list = chunks(content);
    for (int i = 0; i < list.count(); i++) {
      int start = (int) list.offset(i);
      byte[] chunk = Arrays.copyOfRange(content, start, start + (int) list.get(i).size());
      store.put(
          BucketLayout.chunkKey(list.get(i).digest()),
          ObjectBody.of(CODEC.compress(chunk, 0, chunk.length)));
    }
    store.put(BucketLayout.blobKey(list.blob()), BlobIndex.body(list));
    return list.blob();
  }
}
