package io.castore.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.castore.content.codec.ChunkCodec;
import io.castore.content.digest.Blake3;
import io.castore.content.digest.Digest;
import io.castore.content.layout.BlobIndex;
import io.castore.content.layout.BucketLayout;
import io.castore.content.layout.ChunkList;
import io.castore.content.layout.ChunkRef;
import io.castore.content.layout.StoreIdentity;
import io.castore.content.objectstore.MemoryObjectStore;
import io.castore.content.objectstore.ObjectBody;
import io.castore.content.objectstore.ObjectStore;
import java.io.IOException;
import java.time.InstantSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class StoreWalkerTest {
  private static final byte[] FIRST = Contents.random(1000, 1);
  private static final byte[] SECOND = Contents.random(2000, 2);
  private static final Digest BLOB =
      new Blake3().update(FIRST, 0, FIRST.length).update(SECOND, 0, SECOND.length).finish();

  private final ObjectStore store = new MemoryObjectStore();

  @BeforeEach
  void fillStore() throws IOException {
    StoreIdentity unused = StoreIdentity.obtain(store, InstantSource.system());
    putChunk(Blake3.hash(FIRST), FIRST);
    putChunk(Blake3.hash(SECOND), SECOND);
    put(BucketLayout.blobKey(Blake3.hash(FIRST)), new byte[0]);
    put(BucketLayout.blobKey(Digest.EMPTY), new byte[0]);
    putBlob(BLOB, 2000);
  }

  @AfterEach
  void closeStore() {
    store.close();
  }

  @Test
  void shouldCountWhenNothingIsWrong() throws IOException {
    StoreWalker.Report report = StoreWalker.walk(store, true).withoutFaults();
    assertThat(report.chunks()).isEqualTo(2);
    assertThat(report.chunkBytes()).isEqualTo(3000);
    assertThat(report.blobs()).isEqualTo(3);
    assertThat(report.wholeBlobs()).contains(Digest.EMPTY, BLOB).hasSize(3);
  }

  @Test
  void shouldTellOfKeyWhenItIsNotOfTheLayout() throws IOException {
    put("chunks/b3/0000/stray", new byte[1]);
    assertFault("chunks/b3/0000/stray: is no key of the layout");
  }

  @Test
  void shouldTellOfChunkWhenItsBytesHaveAnotherDigest() throws IOException {
    putChunk(BLOB, FIRST);
    assertFault("corrupt object " + BucketLayout.chunkKey(BLOB));
  }

  @Test
  void shouldTellOfBlobWhenItListsAbsentChunk() throws IOException {
    Digest absent = Blake3.hash(new byte[] {1});
    put(BucketLayout.blobKey(absent), new byte[0]);
    assertFault("lists nothing, and there is no chunk of its digest");
  }

  @Test
  void shouldTellOfBlobWhenItListsWrongSize() throws IOException {
    putBlob(BLOB, 2001);
    assertFault("lists a chunk of 2000 bytes");
  }

  @Test
  void shouldTellOfBlobWhenItsObjectIsNoList() throws IOException {
    put(BucketLayout.blobKey(BLOB), new byte[] {0x12, 0x7f});
    assertFault("corrupt object " + BucketLayout.blobKey(BLOB));
  }

  @Test
  void shouldTellOfBlobWhenItsChunksComeToAnotherDigest() throws IOException {
    Digest other = Blake3.hash(new byte[] {2});
    putBlob(other, 2000);
    assertThat(StoreWalker.walk(store, false).faults()).isEmpty();
    assertFault("its content has the digest " + BLOB);
  }

  private void assertFault(String part) throws IOException {
    assertThat(StoreWalker.walk(store, true).faults())
        .singleElement()
        .satisfies(fault -> assertThat(fault).contains(part));
  }

  private void putBlob(Digest blob, long secondSize) throws IOException {
    store.put(
        BucketLayout.blobKey(blob),
        BlobIndex.body(
            ChunkList.of(
                blob,
                new ChunkRef(Blake3.hash(FIRST), FIRST.length),
                new ChunkRef(Blake3.hash(SECOND), secondSize))));
  }

  private void putChunk(Digest digest, byte[] raw) throws IOException {
    put(BucketLayout.chunkKey(digest), new ChunkCodec(3).compress(raw, 0, raw.length));
  }

  private void put(String key, byte[] content) throws IOException {
    store.put(key, ObjectBody.of(content));
  }
}
