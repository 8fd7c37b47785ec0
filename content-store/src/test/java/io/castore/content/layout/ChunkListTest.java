package io.castore.content.layout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.castore.content.digest.Blake3;
import io.castore.content.digest.Digest;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

final class ChunkListTest {
  private static final Digest BLOB = digest(0);

  @Property(tries = 200)
  void shouldGiveBackItsChunksAndWhereTheyAre(
      @ForAll @Size(min = 2, max = 50) List<@LongRange(min = 1, max = 5) Long> sizes) {
    ChunkRef[] chunks = new ChunkRef[sizes.size()];
    for (int i = 0; i < chunks.length; i++) {
      chunks[i] = new ChunkRef(digest(i + 1), sizes.get(i));
    }

    ChunkList list = ChunkList.of(BLOB, chunks);

    assertThat(list.stream()).containsExactly(chunks);
    assertThat(list.size()).isEqualTo(sizes.stream().mapToLong(Long::longValue).sum());
    for (long at = 0; at < list.size(); at++) {
      int index = list.indexAt(at);
      assertThat(at).isBetween(list.offset(index), list.offset(index) + chunks[index].size() - 1);
    }
  }

  @Test
  void shouldBeEqualWhenTheChunksAre() {
    ChunkRef one = new ChunkRef(digest(1), 7);
    ChunkRef two = new ChunkRef(digest(2), 8);

    assertThat(ChunkList.of(BLOB, one, two, one, two, one))
        .isEqualTo(ChunkList.of(BLOB, one, two, one, two, one))
        .hasSameHashCodeAs(ChunkList.of(BLOB, one, two, one, two, one))
        .isNotEqualTo(ChunkList.of(BLOB, one, two, one, one, two))
        .isNotEqualTo(ChunkList.of(digest(9), one, two, one, two, one))
        .isNotEqualTo(ChunkList.of(BLOB, one, two))
        .hasToString("blob " + BLOB + " of 37 bytes in 5 chunks");
  }

  @Test
  void shouldHoldNoChunkForTheEmptyBlobAlone() {
    assertThat(ChunkList.of(Digest.EMPTY).size()).isZero();
    assertThatIllegalArgumentException().isThrownBy(() -> ChunkList.of(BLOB));
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                ChunkList.of(Digest.EMPTY, new ChunkRef(digest(1), 1), new ChunkRef(digest(2), 1)));
  }

  @Test
  void shouldHoldASingleChunkOnlyOfTheBlobsDigest() {
    assertThat(ChunkList.of(BLOB, new ChunkRef(BLOB, 5)).size()).isEqualTo(5);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ChunkList.of(BLOB, new ChunkRef(digest(1), 5)))
        .withMessageContaining("one, " + digest(1))
        .withMessageContaining("expected: none for the empty blob, or one of the same digest");
  }

  @Test
  void shouldRefuseSizesThatCannotBe() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ChunkRef(BLOB, 0))
        .withMessage("size of chunk " + BLOB + ": 0 bytes (expected: at least 1)");
    ChunkList.Builder full = ChunkList.builder(BLOB).add(new ChunkRef(BLOB, Long.MAX_VALUE));
    assertThatIllegalArgumentException().isThrownBy(() -> full.add(new ChunkRef(BLOB, 1)));
  }

  @Test
  void shouldRefusePlacesOutsideTheList() {
    ChunkList list = ChunkList.of(BLOB, new ChunkRef(BLOB, 5));

    assertThatThrownBy(() -> list.get(1)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> list.offset(-1)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> list.indexAt(5)).isInstanceOf(IndexOutOfBoundsException.class);
  }

  private static Digest digest(int number) {
    return Blake3.hash(new byte[] {(byte) number});
  }
}
