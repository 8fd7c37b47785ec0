package io.castore.blobs;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.castore.content.objectstore.MemoryObjectStore;
import io.castore.content.reading.ReadLimits;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@link StoreBlobs}, with a real pipeline behind. */
final class StoreBlobsTest extends BlobsContractTest {
  @TempDir private static Path directory;
  private static TestPipeline pipeline;
  private static StoreBlobs blobs;

  @BeforeAll
  static void start() throws Exception {
    pipeline = new TestPipeline(directory);
    blobs = pipeline.blobs();
  }

  @AfterAll
  static void stop() throws Exception {
    blobs.close();
    pipeline.close();
  }

  @Override
  Blobs blobs() {
    return blobs;
  }

  @Test
  void shouldNotWriteWhenOpenedForReadingAlone() {
    ReadLimits limits = new ReadLimits(1 << 20, 1 << 20, 1 << 24, 2, 2, Duration.ofSeconds(10));
    try (StoreBlobs reading = StoreBlobs.reading(new MemoryObjectStore(), limits)) {
      assertThatThrownBy(reading::openWrite).isInstanceOf(UnsupportedOperationException.class);
    }
  }
}
