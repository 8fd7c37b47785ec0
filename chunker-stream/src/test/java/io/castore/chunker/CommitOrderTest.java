package io.castore.chunker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.castore.content.objectstore.StoreUnavailableException;
import io.castore.pipeline.records.UploadId;
import io.castore.proto.pipeline.ChunkReceipt;
import io.castore.proto.pipeline.ChunkReceipt.Result;
import io.castore.proto.pipeline.ChunkRecord.Collect.Kind;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.streams.errors.ProcessorStateException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The canary for a new version of Kafka Streams: a commit waits for the PUTs that have not ended,
 * and includes what follows from them. No PUT ends here before the commit of its record has begun.
 */
final class CommitOrderTest {
  private static final UploadId UPLOAD = UploadId.random();
  private static final Chunk CHUNK = Chunk.of("Hello World, Hello World, Hello World");

  private final FallibleWriter store = new FallibleWriter();
  @TempDir private Path stateDir;

  @Test
  void shouldMakeACommitWaitForPutsAndIncludeWhatFollows() {
    try (ChunkerDriver driver = driver(Duration.ofMinutes(1))) {
      pipeAndEndPutInCommit(driver);

      assertThat(store.puts()).containsExactly(CHUNK.key());
      assertThat(driver.receipts().readValuesToList())
          .extracting(ChunkReceipt::getResult)
          .containsExactly(Result.STORED);
      assertThat(driver.marker(CHUNK.digest())).isNotNull();
    }
  }

  @Test
  void shouldFailACommitWhosePutFails() {
    ChunkerDriver driver = driver(Duration.ofMinutes(1));
    store.goAway();

    // Only what a commit calls is wrapped into this type.
    assertThatThrownBy(() -> pipeAndEndPutInCommit(driver))
        .isInstanceOf(ProcessorStateException.class)
        .hasRootCauseInstanceOf(StoreUnavailableException.class);
    assertThat(driver.receipts().isEmpty()).isTrue();
    assertThat(driver.marker(CHUNK.digest())).isNull();
    driver.throwAway();
  }

  private void pipeAndEndPutInCommit(ChunkerDriver driver) {
    AtomicBoolean noCommitWaited = new AtomicBoolean();
    store.holdBack(CHUNK.key(), () -> Commits.awaitBegunOr(noCommitWaited::get));
    try {
      driver.pipe(CHUNK.digest(), CHUNK.compressed(UPLOAD, 0));
    } finally {
      noCommitWaited.set(true);
    }
  }

  @Test
  void shouldMakeACommitWaitForDeletes() {
    try (ChunkerDriver driver = driver(Duration.ofMinutes(1))) {
      driver.mark();
      AtomicBoolean noCommitWaited = new AtomicBoolean();
      store.holdBack(CHUNK.key(), () -> Commits.awaitBegunOr(noCommitWaited::get));
      try {
        driver.pipe(CHUNK.digest(), OrderRecords.collect(Kind.CHUNK, 0));
      } finally {
        noCommitWaited.set(true);
      }

      assertThat(store.deletes()).containsExactly(CHUNK.key());
      assertThat(driver.metric("collected-total")).isEqualTo(1);
    }
  }

  @Test
  void shouldFailACommitThatHasWaitedLongEnough() throws InterruptedException {
    ChunkerDriver driver = driver(Duration.ofMillis(200));
    CountDownLatch letGo = store.holdBack(CHUNK.key());

    assertThatThrownBy(() -> driver.pipe(CHUNK.digest(), CHUNK.compressed(UPLOAD, 0)))
        .isInstanceOf(ProcessorStateException.class)
        .rootCause()
        .isInstanceOf(StoreUnavailableException.class)
        .hasMessage(
            "1 chunks on their way to the store the-store were not acknowledged within 200 ms");
    assertThat(driver.receipts().isEmpty()).isTrue();
    assertThat(driver.marker(CHUNK.digest())).isNull();

    driver.throwAway();
    letGo.countDown();
  }

  private ChunkerDriver driver(Duration timeout) {
    return new ChunkerDriver(ChunkerDriver.topology(store, 8, 1, timeout), stateDir);
  }
}
