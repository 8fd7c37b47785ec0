package io.castore.content.chunking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

final class ChunkSplitterTest {
  private static final ChunkSizes SMALL = new ChunkSizes(512);

  @Property(tries = 200)
  void shouldNotDependOnHowReadsArrive(
      @ForAll long seed,
      @ForAll @IntRange(max = 200_000) int length,
      @ForAll @IntRange(min = 1, max = 10_000) int longestRead)
      throws IOException {
    Random random = new Random(seed);
    byte[] content = new byte[length];
    random.nextBytes(content);
    ByteArrayOutputStream joined = new ByteArrayOutputStream();
    List<Integer> lengths = new ArrayList<>();

    ChunkSplitter.Totals totals =
        new ChunkSplitter(SMALL)
            .split(
                new ShortReads(content, () -> 1 + random.nextInt(longestRead)),
                (buffer, offset, size) -> {
                  joined.write(buffer, offset, size);
                  lengths.add(size);
                });

    assertThat(joined.toByteArray()).isEqualTo(content);
    assertThat(lengths).isEqualTo(cuts(content));
    assertThat(totals).isEqualTo(new ChunkSplitter.Totals(length, lengths.size()));
  }

  @Test
  void shouldHandOnNothingWhenTheStreamIsEmpty() throws IOException {
    ChunkSplitter.Totals totals =
        new ChunkSplitter(SMALL)
            .split(
                InputStream.nullInputStream(),
                (buffer, offset, length) -> {
                  throw new AssertionError("a chunk of " + length + " bytes");
                });

    assertThat(totals).isEqualTo(new ChunkSplitter.Totals(0, 0));
  }

  @Test
  void shouldSplitManyStreamsOneAfterAnother() throws IOException {
    ChunkSplitter splitter = new ChunkSplitter(ChunkSizes.DEFAULT);
    byte[] large = new byte[3_000_000];
    new Random(1).nextBytes(large);
    FastCdc fastCdc = new FastCdc(ChunkSizes.DEFAULT);
    List<Integer> expected = new ArrayList<>(List.of(5));
    for (int at = 0; at < large.length; at += expected.get(expected.size() - 1)) {
      expected.add(fastCdc.cut(large, at, large.length - at));
    }
    expected.add(7);
    List<Integer> lengths = new ArrayList<>();

    for (byte[] content : List.of(new byte[5], large, new byte[7])) {
      splitter.split(
          new ByteArrayInputStream(content), (buffer, offset, length) -> lengths.add(length));
    }

    assertThat(lengths).isEqualTo(expected);
  }

  @Test
  void shouldKeepASmallBufferWhileStreamsAreSmall() throws IOException {
    ChunkSplitter splitter = new ChunkSplitter(new ChunkSizes(ChunkSizes.MAX_AVERAGE_BYTES));
    List<Integer> capacities = new ArrayList<>();

    for (int size : new int[] {4096, 60_000, 200_000, 30_000_000}) {
      byte[] content = new byte[size];
      splitter.split(
          new ByteArrayInputStream(content),
          (buffer, offset, length) -> capacities.add(buffer.length));
    }

    assertThat(capacities.subList(0, 3)).containsExactly(65_536, 65_536, 262_144);
    assertThat(capacities).allMatch(capacity -> capacity <= 4 * ChunkSizes.LARGEST_LEGAL_CHUNK);
  }

  @Test
  void shouldLetTheConsumersExceptionThrough() throws IOException {
    ChunkSplitter splitter = new ChunkSplitter(SMALL);
    InputStream content = new ByteArrayInputStream(new byte[5000]);

    assertThatExceptionOfType(InterruptedException.class)
        .isThrownBy(
            () ->
                splitter.split(
                    content,
                    (buffer, offset, length) -> {
                      throw new InterruptedException("stop");
                    }))
        .withMessage("stop");
    assertThat(
            splitter.split(new ByteArrayInputStream(new byte[3]), (buffer, offset, length) -> {}))
        .isEqualTo(new ChunkSplitter.Totals(3, 1));
  }

  @Test
  void shouldHandOnNoPartOfAChunkWhenReadingFails() {
    List<Integer> lengths = new ArrayList<>();
    InputStream failing =
        new InputStream() {
          private int given;

          @Override
          public int read() throws IOException {
            if (given++ == 1500) {
              throw new IOException("the disk is gone");
            }
            return 0;
          }

          @Override
          public int read(byte[] target, int offset, int wanted) throws IOException {
            target[offset] = (byte) read();
            return 1;
          }
        };

    assertThatExceptionOfType(IOException.class)
        .isThrownBy(
            () ->
                new ChunkSplitter(SMALL)
                    .split(failing, (buffer, offset, length) -> lengths.add(length)))
        .withMessage("the disk is gone");
    assertThat(lengths).containsExactly(1024);
  }

  private static List<Integer> cuts(byte[] content) {
    FastCdc fastCdc = new FastCdc(SMALL);
    List<Integer> cuts = new ArrayList<>();
    for (int at = 0; at < content.length; at += cuts.get(cuts.size() - 1)) {
      cuts.add(fastCdc.cut(content, at, content.length - at));
    }
    return cuts;
  }
}
