package io.castore.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import io.castore.content.chunking.ChunkSizes;
import io.castore.content.codec.ChunkCodec;
import io.castore.content.digest.Blake3;
import io.castore.content.digest.Digest;
import io.castore.pipeline.records.UploadId;
import io.castore.proto.pipeline.ChunkRecord;
import io.castore.proto.pipeline.UploadEvent;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ForkJoinPool;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

final class SourceReaderTest {
  private static final ChunkSizes SIZES = new ChunkSizes(1024);
  private static final UploadId UPLOAD = UploadId.random();

  private final SourceReader reader =
      new SourceReader(SIZES, ChunkCodec.DEFAULT_LEVEL, ForkJoinPool.commonPool(), 1, 0);
  private final List<Map.Entry<Digest, ChunkRecord>> records = new ArrayList<>();

  @Property(tries = 100)
  void shouldMakeRecordsThatAddUpToTheSource(
      @ForAll @IntRange(max = 50_000) int length, @ForAll long seed) throws IOException {
    byte[] content = content(length, seed);
    records.clear();

    UploadEvent.Sealed sealed = read(new ByteArrayInputStream(content));

    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    long seq = 0;
    for (Map.Entry<Digest, ChunkRecord> record : records) {
      ChunkRecord chunk = record.getValue();
      byte[] raw = ChunkCodec.decompress(chunk.getZstdFrame().toByteArray(), chunk.getRawSize());
      assertThat(record.getKey()).isEqualTo(Blake3.hash(raw));
      assertThat(chunk.getSeq()).isEqualTo(seq++);
      assertThat(chunk.getUploadId().toByteArray()).isEqualTo(UPLOAD.toBytes());
      assertThat(raw.length).isBetween(1, SIZES.maxBytes());
      whole.write(raw);
    }
    assertThat(whole.toByteArray()).isEqualTo(content);
    assertThat(sealed.getBlobDigest().toByteArray()).isEqualTo(Blake3.hash(content).toBytes());
    assertThat(sealed.getSize()).isEqualTo(length);
    assertThat(sealed.getChunkCount()).isEqualTo(seq);
  }

  @Test
  void shouldMakeNoRecordOfAnEmptySource() throws IOException {
    UploadEvent.Sealed sealed = read(InputStream.nullInputStream());

    assertThat(records).isEmpty();
    assertThat(Digest.of(sealed.getBlobDigest().toByteArray())).isEqualTo(Digest.EMPTY);
    assertThat(sealed.getSize()).isZero();
    assertThat(sealed.getChunkCount()).isZero();
  }

  @Test
  void shouldReferToWhatNeedsNoBytes() throws IOException {
    byte[] content = content(10_000, 1);
    UploadEvent.Sealed first = read(new ByteArrayInputStream(content));
    List<Map.Entry<Digest, ChunkRecord>> whole = List.copyOf(records);
    Digest known = whole.get(1).getKey();
    records.clear();

    UploadEvent.Sealed second =
        reader.read(
            new ByteArrayInputStream(content),
            UPLOAD,
            SourceReader.Referable.of(known::equals),
            (digest, chunk) -> records.add(Map.entry(digest, chunk)));

    assertThat(second).isEqualTo(first);
    for (int i = 0; i < whole.size(); i++) {
      ChunkRecord chunk = whole.get(i).getValue();
      ChunkRecord expected =
          i == 1
              ? chunk.toBuilder().setReference(ChunkRecord.Reference.getDefaultInstance()).build()
              : chunk;
      assertThat(records.get(i)).isEqualTo(Map.entry(whole.get(i).getKey(), expected));
    }
  }

  @Test
  void shouldReadManySourcesOneAfterAnother() throws IOException {
    UploadEvent.Sealed first = read(new ByteArrayInputStream(content(10_000, 1)));
    UploadEvent.Sealed second = read(new ByteArrayInputStream(content(10_000, 1)));

    assertThat(second).isEqualTo(first);
  }

  @Test
  void shouldEndWithWhatItsSinkThrows() {
    assertThatIOException()
        .isThrownBy(
            () ->
                reader.read(
                    new ByteArrayInputStream(content(10_000, 1)),
                    UPLOAD,
                    SourceReader.Referable.of(digest -> false),
                    (digest, chunk) -> {
                      throw new IOException("no more");
                    }))
        .withMessage("no more");
  }

  private UploadEvent.Sealed read(InputStream in) throws IOException {
    return reader.read(
        in,
        UPLOAD,
        SourceReader.Referable.of(digest -> false),
        (digest, chunk) -> records.add(Map.entry(digest, chunk)));
  }

  private static byte[] content(int length, long seed) {
    byte[] content = new byte[length];
    new Random(seed).nextBytes(content);
    return content;
  }
}
