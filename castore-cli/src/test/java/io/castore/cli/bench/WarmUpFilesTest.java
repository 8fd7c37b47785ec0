package io.castore.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class WarmUpFilesTest {
  private static final long MEBIBYTE = 1 << 20;

  @TempDir private Path directory;

  @Test
  void shouldBeNoMoreThanThereIsToMeasureWith() {
    WarmUpFiles files = like(5_000, 600_000, 5_000);
    assertThat(files.sizes()).containsExactlyInAnyOrder(5_000L, 305_000L, 5_000L);
    assertThat(files.areFew()).isTrue();
  }

  @Test
  void shouldBeBoundedHoweverMuchThereIs() {
    assertThat(like(2048 * MEBIBYTE).sizes()).containsExactly(512 * MEBIBYTE);
    assertThat(like(MEBIBYTE, 8192 * MEBIBYTE, 8192 * MEBIBYTE).bytes())
        .isBetween(256 * MEBIBYTE, 512 * MEBIBYTE);
    WarmUpFiles many = like(LongStream.generate(() -> 4096).limit(100_000).toArray());
    assertThat(many.count()).isEqualTo(10_000);
    assertThat(many.bytes()).isEqualTo(10_000 * 4096);
    assertThat(many.areFew()).isFalse();
  }

  @Test
  void shouldHaveNoContentThatIsMeasuredWith() {
    assertThat(like(1, 0, 2, 100, 0).sizes()).isNotEmpty().allMatch(size -> size >= 32);
    assertThat(like(1).sizes()).containsExactly(32L);
  }

  @Test
  void shouldWriteOtherContentsEachTime() throws IOException {
    WarmUpFiles files = new WarmUpFiles(List.of(3 * MEBIBYTE / 2, 100L));
    SplittableRandom random = new SplittableRandom(1);
    files.write(directory, random);
    byte[] large = Files.readAllBytes(directory.resolve("file-0"));
    byte[] small = Files.readAllBytes(directory.resolve("file-1"));
    assertThat(large).hasSize(3 << 19);
    assertThat(small).hasSize(100);

    files.write(directory, random);
    assertThat(directory.resolve("file-0")).hasSize(large.length);
    assertThat(Files.readAllBytes(directory.resolve("file-0"))).isNotEqualTo(large);
    assertThat(Files.readAllBytes(directory.resolve("file-1"))).isNotEqualTo(small).hasSize(100);
    try (Stream<Path> all = Files.list(directory)) {
      assertThat(all).hasSize(2);
    }
  }

  private static WarmUpFiles like(long... sizes) {
    List<Corpus.File> files =
        LongStream.of(sizes).mapToObj(size -> new Corpus.File(Path.of("/a"), size)).toList();
    return WarmUpFiles.like(
        new Corpus(Path.of("/"), Collections.unmodifiableList(files), LongStream.of(sizes).sum()));
  }
}
