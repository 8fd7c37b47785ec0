package io.castore.query.sharing;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.castore.content.digest.Blake3;
import io.castore.content.layout.ChunkList;
import io.castore.content.layout.ChunkRef;
import io.castore.content.reading.CachedBlobs;
import io.castore.content.reading.ReadLimits;
import io.castore.query.StoredContent;
import io.castore.query.sharing.SharingSearch.Bounds;
import io.castore.query.uploads.KnownBlob;
import io.castore.query.uploads.KnownBlobs;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class SharingSearchTest {
  private static final ReadLimits READS =
      new ReadLimits(16 << 20, 16 << 20, 16 << 20, 2, 4, Duration.ofSeconds(10));
  private static final Bounds WIDE = new Bounds(100, 1_000, Duration.ofMinutes(1));

  private final StoredContent store = new StoredContent();
  private final CachedBlobs blobs = CachedBlobs.open(store.objects(), READS);

  @AfterEach
  void close() {
    blobs.close();
  }

  @Test
  void shouldTellWhichChunksOtherBlobsHaveToo() throws Exception {
    ChunkList own = list("own", "a", "b", "a", "c");
    KnownBlob most = known(list("most", "c", "x", "a"));
    KnownBlob less = known(list("less", "a", "y", "a"));
    KnownBlob none = known(list("none", "x", "y"));

    ObjectNode found = search(own, WIDE, true, known(own), less, none, most);

    assertThat(found.path("blobs_found").asInt()).isEqualTo(2);
    assertThat(found.at("/blobs/0/digest").asText()).isEqualTo(most.digest().toHex());
    assertThat(found.at("/blobs/0/shared_chunks").asInt()).isEqualTo(2);
    assertThat(found.at("/blobs/0/shared_bytes").asInt()).isEqualTo(2_000);
    assertThat(found.at("/blobs/1/digest").asText()).isEqualTo(less.digest().toHex());
    assertThat(found.at("/blobs/1/shared_chunks").asInt()).isEqualTo(1);
    assertThat(found.path("chunk_blobs").toString()).isEqualTo("[2,0,2,1]");
    assertThat(found.at("/looked_at/blobs").asInt()).isEqualTo(3);
    assertThat(found.at("/looked_at/chunks").asInt()).isEqualTo(8);
    assertThat(found.path("whole").asBoolean()).isTrue();
  }

  @Test
  void shouldFindABlobThatIsASingleChunkOfAnotherWithoutReadingIt() throws Exception {
    ChunkList own = list("own", "a", "b");
    KnownBlob single = new KnownBlob(Blake3.hash(new byte[] {'b'}), "file:/b", 1_000, 1);

    ObjectNode found = search(own, WIDE, true, single);

    assertThat(found.path("chunk_blobs").toString()).isEqualTo("[0,1]");
    assertThat(found.at("/blobs/0/source").asText()).isEqualTo("file:/b");
  }

  @Test
  void shouldFindTheBlobsThatHaveAChunk() throws Exception {
    ChunkRef chunk = ref("a");

    ObjectNode found =
        search(ChunkList.of(chunk.digest(), chunk), WIDE, true, known(list("one", "b", "a")));

    assertThat(found.path("blobs_found").asInt()).isEqualTo(1);
  }

  @Test
  void shouldSayHowFarItLookedWhenThatIsNotAllTheWay() throws Exception {
    ChunkList own = list("own", "a", "b");
    KnownBlob near = known(list("near", "a", "x"));
    KnownBlob far = known(list("far", "b", "y"));
    KnownBlob gone = new KnownBlob(Blake3.hash(new byte[] {9}), "file:/gone", 5, 3);

    ObjectNode few = search(own, new Bounds(100, 2, Duration.ofMinutes(1)), true, near, far);
    ObjectNode late = search(own, new Bounds(100, 1_000, Duration.ZERO), true, near, far);
    ObjectNode lost = search(own, WIDE, true, gone);
    ObjectNode older = search(own, WIDE, false, near);

    assertThat(few.at("/looked_at/blobs").asInt()).isEqualTo(1);
    assertThat(few.path("left_out").asInt()).isEqualTo(1);
    assertThat(late.path("left_out").asInt()).isEqualTo(2);
    assertThat(lost.path("left_out").asInt()).isEqualTo(1);
    assertThat(older.path("left_out").asInt()).isZero();
    assertThat(List.of(few, late, lost, older))
        .allSatisfy(found -> assertThat(found.path("whole").asBoolean()).isFalse());
  }

  private ObjectNode search(ChunkList own, Bounds bounds, boolean areAll, KnownBlob... others)
      throws InterruptedException {
    return new SharingSearch(blobs, bounds).search(own, new KnownBlobs(List.of(others), areAll));
  }

  /** Stores a list whose chunks are named by letters. Nobody reads the chunks. */
  private ChunkList list(String name, String... chunks) {
    ChunkList.Builder list = ChunkList.builder(Blake3.hash(name.getBytes(StandardCharsets.UTF_8)));
    for (String chunk : chunks) {
      list.add(ref(chunk));
    }
    return store.putList(list.build());
  }

  private static ChunkRef ref(String name) {
    return new ChunkRef(Blake3.hash(new byte[] {(byte) name.charAt(0)}), 1_000);
  }

  private static KnownBlob known(ChunkList list) {
    return new KnownBlob(list.blob(), "file:/" + list.blob(), list.size(), list.count());
  }
}
