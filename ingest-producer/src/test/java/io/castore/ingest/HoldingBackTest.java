package io.castore.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.castore.pipeline.config.CastoreConfig;
import io.castore.proto.pipeline.ServiceStatus;
import java.io.ByteArrayInputStream;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What an ingester does while the pipeline does not keep up, or waits for the store. */
@ExtendWith(PipelineExtension.class)
final class HoldingBackTest {
  private static final long LIMIT = 64 << 20;
  private static final int SOURCE_BYTES = 10_000;

  private final BacklogGateTest.FakeBacklog backlog = new BacklogGateTest.FakeBacklog();
  private TestPipeline.Topics topics;
  private CastoreConfig config;

  @BeforeEach
  void makeTopics(TestPipeline pipeline) throws Exception {
    topics = pipeline.topics();
    config =
        topics
            .config()
            .with(
                Map.of(
                    "ingest.backlog.bytes",
                    Long.toString(LIMIT),
                    "ingest.stall.timeout.ms",
                    "2000"));
  }

  @Test
  void shouldSendNoChunksWhileTooMuchWaits() throws Exception {
    backlog.set(3_140_000_000L);
    try (Ingester ingester = Ingester.open(config, backlog, Optional.empty())) {
      CompletableFuture<IngestOutcome> unused = ingester.submit(source());
      await()
          .until(() -> "3.1 GB wait in Kafka to be stored".equals(ingester.progress().waitsFor()));
      assertThat(topics.chunks()).isEmpty();

      backlog.set(0);

      assertThat(topics.awaitSealed(1)).hasSize(1);
      assertThat(ingester.progress().waitsFor()).isNull();
    }
  }

  @Test
  void shouldWaitLongerThanAStallWhileTheBacklogShrinks() throws Exception {
    // More looks than the timeout has seconds, and then room for the whole source.
    backlog.shrink(LIMIT + 4 * 2 * SOURCE_BYTES, 2 * SOURCE_BYTES);
    try (Ingester ingester = Ingester.open(config, backlog, Optional.empty())) {
      CompletableFuture<IngestOutcome> outcome = ingester.submit(source());

      assertThat(topics.awaitSealed(1)).hasSize(1);
      assertThat(outcome).isNotDone();
    }
  }

  @Test
  void shouldGiveUpWhereTheBacklogStands() throws Exception {
    backlog.set(LIMIT + 1);
    try (Ingester ingester = Ingester.open(config, backlog, Optional.empty())) {
      CompletableFuture<IngestOutcome> outcome = ingester.submit(source());

      assertThatThrownBy(() -> outcome.get(1, TimeUnit.MINUTES))
          .isInstanceOf(ExecutionException.class)
          .cause()
          .isInstanceOf(PipelineUnavailableException.class)
          .hasMessageContaining("nothing was heard of the pipeline for 2 s");
      await().until(() -> ingester.progress().waitsFor() == null);
    }
    assertThat(topics.chunks()).isEmpty();
  }

  @Test
  void shouldNotGiveUpWhileTheChunkerWaitsForTheStore() throws Exception {
    backlog.set(0);
    try (Ingester ingester = Ingester.open(config, backlog, Optional.empty())) {
      CompletableFuture<IngestOutcome> outcome = ingester.submit(source());
      assertThat(topics.awaitSealed(1)).hasSize(1);
      tellChunker(ServiceStatus.State.PAUSED);
      await()
          .until(
              () ->
                  "the chunker waits for the store: no route to host"
                      .equals(ingester.progress().waitsFor()));
      // More checks for a stall than the timeout has seconds.
      long looks = backlog.looks();
      await().until(() -> backlog.looks() > looks + 4);
      assertThat(outcome).isNotDone();

      tellChunker(ServiceStatus.State.RUNNING);

      assertThatThrownBy(() -> outcome.get(1, TimeUnit.MINUTES))
          .hasCauseInstanceOf(PipelineUnavailableException.class);
    }
  }

  private void tellChunker(ServiceStatus.State state) {
    topics.tell(
        config.topics().services(),
        "chunker/a",
        ServiceStatus.newBuilder()
            .setRole("chunker")
            .setState(state)
            .setReason("no route to host")
            .build());
  }

  private static StreamSource source() {
    return new StreamSource(
        "stdin:", () -> new ByteArrayInputStream(MemorySource.bytes(SOURCE_BYTES, 1)));
  }
}
