package io.castore.benchmarks.query;

import io.castore.content.chunking.ChunkSizes;
import io.castore.content.chunking.ContentSplitter;
import io.castore.content.chunking.FastCdc;
import io.castore.content.chunking.SplitContent;
import io.castore.content.codec.ChunkCodec;
import io.castore.content.digest.Digest;
import io.castore.content.layout.BlobIndex;
import io.castore.content.layout.BucketLayout;
import io.castore.content.layout.ChunkList;
import io.castore.content.layout.ChunkRef;
import io.castore.content.objectstore.ObjectBody;
import io.castore.content.objectstore.ObjectWriter;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Puts a file into a store as the pipeline does, without the pipeline. */
final class StoredBlob {
  private StoredBlob() {}

  static ChunkList write(ObjectWriter store, Path file) throws IOException {
    ChunkCodec codec = new ChunkCodec(ChunkCodec.DEFAULT_LEVEL);
    ContentSplitter splitter =
        new ContentSplitter(
            new FastCdc(new ChunkSizes(ChunkSizes.DEFAULT_AVERAGE_BYTES)), Runnable::run, 0);
    List<ChunkRef> chunks = new ArrayList<>();
    SplitContent content;
    try (InputStream in = Files.newInputStream(file)) {
      content =
          splitter.split(
              in,
              (digest, buffer, offset, length) ->
                  new Encoded(
                      digest, length, ObjectBody.of(codec.compress(buffer, offset, length))),
              chunk -> {
                store.put(BucketLayout.chunkKey(chunk.digest), chunk.frame);
                chunks.add(new ChunkRef(chunk.digest, chunk.rawSize));
              });
    }
    ChunkList blob = ChunkList.of(content.digest(), chunks.toArray(new ChunkRef[0]));
    store.put(BucketLayout.blobKey(blob.blob()), BlobIndex.body(blob));
    return blob;
  }

  private record Encoded(Digest digest, int rawSize, ObjectBody frame) {}
}
