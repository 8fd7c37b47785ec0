package io.castore.content.chunking;

import static org.assertj.core.api.Assertions.assertThat;

import io.castore.content.chunking.FastCdcVector.Cut;
import io.castore.content.digest.Blake3;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Holds the chunker against what the Rust crate {@code fastcdc} gave for the same inputs. */
final class FastCdcVectorsTest {
  static Stream<FastCdcVector> vectors() {
    return FastCdcVector.all();
  }

  @Test
  void shouldKnowAllVectors() {
    assertThat(vectors()).hasSize(167);
  }

  @ParameterizedTest
  @MethodSource("vectors")
  void shouldCutWhereTheReferenceCuts(FastCdcVector vector) throws IOException {
    byte[] content = vector.content();
    FastCdc fastCdc = new FastCdc(vector.parameters());
    List<Cut> cuts = new ArrayList<>();
    for (int at = 0; at < content.length; ) {
      int length = fastCdc.cut(content, at, content.length - at);
      cuts.add(new Cut(at, length, Blake3.hash(content, at, length).toHex()));
      at += length;
    }

    assertThat(Blake3.hash(content).toHex()).isEqualTo(vector.blake3());
    assertThat(cuts).isEqualTo(vector.chunks());

    ChunkSplitter splitter = new ChunkSplitter(fastCdc);
    int[] lengths = vector.chunks().stream().mapToInt(Cut::length).toArray();
    Random random = new Random(content.length);
    for (InputStream reads :
        List.of(
            new ShortReads(content, () -> 1),
            new ShortReads(content, () -> 7),
            new ShortReads(content, () -> 4096),
            new ShortReads(content, () -> 1 + random.nextInt(100_000)))) {
      List<Integer> split = new ArrayList<>();
      splitter.split(reads, (buffer, offset, length) -> split.add(length));

      assertThat(split.stream().mapToInt(Integer::intValue).toArray()).isEqualTo(lengths);
    }
  }
}
