package io.castore.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.castore.content.digest.Digest;
import io.castore.proto.pipeline.ChunkRecord;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class FirstChunkTest {
  private static final String OPENED = "opened";

  private final List<Object> told = new ArrayList<>();
  private final FirstChunk chunks =
      new FirstChunk(() -> told.add(OPENED), (digest, chunk) -> told.add(chunk));

  @Test
  void shouldClaimTheBlobWithTheOnlyChunk() throws IOException {
    chunks.accept(Digest.EMPTY, chunk(0));
    assertThat(told).isEmpty();

    chunks.end();

    assertThat(told).containsExactly(chunk(0).toBuilder().setClaimsBlob(true).build());
  }

  @Test
  void shouldOpenBeforeTheFirstOfSeveral() throws IOException {
    chunks.accept(Digest.EMPTY, chunk(0));
    chunks.accept(Digest.EMPTY, chunk(1));
    chunks.accept(Digest.EMPTY, chunk(2));
    chunks.end();

    assertThat(told).containsExactly(OPENED, chunk(0), chunk(1), chunk(2));
  }

  @Test
  void shouldHoldNothingBackOnceItIsOpen() throws IOException {
    chunks.open();
    chunks.accept(Digest.EMPTY, chunk(0));
    chunks.end();

    assertThat(told).containsExactly(OPENED, chunk(0));
  }

  @Test
  void shouldTellNothingWhereThereIsNoChunk() throws IOException {
    chunks.end();

    assertThat(told).isEmpty();
  }

  private static ChunkRecord chunk(long seq) {
    return ChunkRecord.newBuilder().setSeq(seq).build();
  }
}
