package io.castore.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import io.castore.content.digest.Blake3;
import io.castore.content.digest.Digest;
import io.castore.pipeline.config.CastoreConfig;
import io.castore.pipeline.records.UploadId;
import io.castore.proto.pipeline.UploadEvent;
import io.castore.proto.pipeline.UploadEvent.EventCase;
import io.castore.proto.pipeline.UploadStatus;
import io.castore.proto.pipeline.UploadStatus.State;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What an ingester does on a real broker without anything behind it. */
@ExtendWith(PipelineExtension.class)
final class IngesterTest {
  private static final byte[] CONTENT = "content".getBytes(StandardCharsets.UTF_8);
  private static final String NAME = "stdin:";

  @TempDir private static Path directory;

  private TestPipeline.Topics topics;
  private CastoreConfig config;

  @BeforeEach
  void makeTopics(TestPipeline pipeline) throws Exception {
    topics = pipeline.topics();
    config = topics.config();
  }

  @Test
  void shouldSendAnUploadAndAwaitItsEnd() throws Exception {
    byte[] content = new byte[5000];
    try (Ingester ingester = Ingester.open(config)) {
      CompletableFuture<IngestOutcome> outcome = ingester.submit(stream(content));
      UploadId id = topics.awaitSealed(1).get(0);
      topics.tell(
          id,
          UploadStatus.newBuilder()
              .setState(State.COMPLETE)
              .setBlobDigest(ByteString.copyFrom(Blake3.hash(content).toBytes()))
              .setSize(5000)
              .setChunkCount(3)
              .setNewChunks(2)
              .setNewBytes(4000)
              .build());

      assertThat(outcome.get(1, TimeUnit.MINUTES))
          .isEqualTo(new IngestOutcome.Complete(id, Blake3.hash(content), 5000, 3, 2, 4000));
      IngestProgress progress = ingester.progress();
      assertThat(progress.bytesRead()).isEqualTo(5000);
      assertThat(progress.complete()).isEqualTo(1);
      assertThat(progress.failed()).isZero();
      assertThat(progress.bytesComplete()).isEqualTo(5000);
      assertThat(progress.newChunks()).isEqualTo(2);
      assertThat(progress.newBytes()).isEqualTo(4000);
    }

    List<UploadEvent> events = topics.events().values().iterator().next();
    assertThat(events.get(0).getOpened().getSource()).isEqualTo(NAME);
    assertThat(events.get(1).getSealed().getSize()).isEqualTo(5000);
    assertThat(topics.chunks()).hasSize(Math.toIntExact(events.get(1).getSealed().getChunkCount()));
  }

  @Test
  void shouldTellTheReasonOfAnUploadThatFailed() throws Exception {
    try (Ingester ingester = Ingester.open(config)) {
      CompletableFuture<IngestOutcome> outcome = ingester.submit(stream(CONTENT));
      UploadId id = topics.awaitSealed(1).get(0);
      topics.tell(
          id, UploadStatus.newBuilder().setState(State.FAILED).setReason("bad frame").build());

      assertThat(outcome.get(1, TimeUnit.MINUTES))
          .isEqualTo(new IngestOutcome.Failed("upload " + id + " is FAILED: bad frame"));
      assertThat(ingester.progress().failed()).isEqualTo(1);
    }
  }

  @Test
  void shouldAbortWhatHasNotEnded() throws Exception {
    try (Ingester ingester = Ingester.open(config)) {
      CompletableFuture<IngestOutcome> read = ingester.submit(stream(CONTENT));
      List<UploadId> unused = topics.awaitSealed(1);
      CountDownLatch reading = new CountDownLatch(1);
      CompletableFuture<IngestOutcome> beingRead =
          ingester.submit(
              new StreamSource(
                  NAME,
                  () -> {
                    reading.countDown();
                    return new Endless();
                  }));
      assertThat(reading.await(1, TimeUnit.MINUTES)).isTrue();
      await().until(() -> !topics.chunks().isEmpty());

      ingester.abortAll("interrupted");

      for (CompletableFuture<IngestOutcome> outcome : List.of(read, beingRead)) {
        assertThat(outcome.get(1, TimeUnit.MINUTES))
            .isInstanceOfSatisfying(
                IngestOutcome.Failed.class,
                failed -> assertThat(failed.reason()).endsWith("interrupted"));
      }
      assertThatExceptionOfType(RejectedExecutionException.class)
          .isThrownBy(() -> ingester.submit(stream(CONTENT)));
    }
    assertThat(topics.events().values())
        .hasSize(2)
        .allSatisfy(
            events ->
                assertThat(events)
                    .anySatisfy(
                        event ->
                            assertThat(event.getAborted().getReason()).isEqualTo("interrupted")));
  }

  @Test
  void shouldReadASourceThatChangesThreeTimesAndGiveItUp() throws Exception {
    try (Ingester ingester = Ingester.open(config)) {
      assertThat(
              ingester
                  .submit(new Changing(true, MemorySource.bytes(10_000, 1)))
                  .get(1, TimeUnit.MINUTES))
          .isEqualTo(new IngestOutcome.Failed("it changed"));
    }

    assertThat(topics.events().values())
        .hasSize(3)
        .allSatisfy(
            events ->
                assertThat(events)
                    .extracting(UploadEvent::getEventCase)
                    .containsExactly(EventCase.OPENED, EventCase.ABORTED));
  }

  @Test
  void shouldTellNothingOfASingleChunkBeforeItIsKnownToBeWhole() throws Exception {
    Changing source = new Changing(true, CONTENT);
    try (Ingester ingester = Ingester.open(config)) {
      assertThat(ingester.submit(source).get(1, TimeUnit.MINUTES))
          .isEqualTo(new IngestOutcome.Failed("it changed"));
    }

    assertThat(source.opened.get()).isEqualTo(3);
    assertThat(topics.events()).isEmpty();
    assertThat(topics.chunks()).isEmpty();
  }

  @Test
  void shouldTellAllOfASingleChunkAtOnce() throws Exception {
    try (Ingester ingester = Ingester.open(config)) {
      CompletableFuture<IngestOutcome> unused = ingester.submit(new MemorySource(CONTENT));
      UploadId id = topics.awaitSealed(1).get(0);

      assertThat(topics.eventsOf(id))
          .extracting(UploadEvent::getEventCase)
          .containsExactly(EventCase.WHOLE);
      assertThat(topics.eventsOf(id).get(0).getWhole().getSealed().getChunkRecordsList())
          .isEqualTo(topics.placesOf(id));
      assertThat(topics.chunksOf(id))
          .singleElement()
          .matches(chunk -> chunk.record().getClaimsBlob());
    }
  }

  @Test
  void shouldReadOnceWhatCannotBeReadAgain() throws Exception {
    try (Ingester ingester = Ingester.open(config)) {
      assertThat(ingester.submit(new Changing(false, CONTENT)).get(1, TimeUnit.MINUTES))
          .isEqualTo(new IngestOutcome.Failed("it changed"));
    }

    assertThat(topics.events()).hasSize(1);
  }

  @Test
  void shouldSayNothingOfASourceThatCannotBeOpened() throws Exception {
    try (Ingester ingester = Ingester.open(config)) {
      assertThat(
              ingester
                  .submit(new FileSource(directory.resolve("missing")))
                  .get(1, TimeUnit.MINUTES))
          .isEqualTo(new IngestOutcome.Failed("there is no such file any more"));
    }

    assertThat(topics.events()).isEmpty();
  }

  @Test
  void shouldAbortWhatBreaksOffWhileItIsRead() throws Exception {
    try (Ingester ingester = Ingester.open(config)) {
      assertThat(ingester.submit(new StreamSource(NAME, Broken::new)).get(1, TimeUnit.MINUTES))
          .isEqualTo(new IngestOutcome.Failed("broken pipe"));
    }

    assertThat(topics.events().values())
        .singleElement()
        .satisfies(
            events ->
                assertThat(events)
                    .extracting(UploadEvent::getEventCase)
                    .containsExactly(EventCase.OPENED, EventCase.ABORTED));
  }

  @Test
  void shouldGiveUpWhereNothingIsHeardOfThePipeline() throws Exception {
    config = config.with(Map.of("ingest.stall.timeout.ms", "1000"));
    try (Ingester ingester = Ingester.open(config)) {
      CompletableFuture<IngestOutcome> outcome = ingester.submit(stream(CONTENT));

      assertThatThrownBy(() -> outcome.get(1, TimeUnit.MINUTES))
          .isInstanceOf(ExecutionException.class)
          .cause()
          .isInstanceOf(PipelineUnavailableException.class)
          .hasMessageContaining("nothing was heard of the pipeline for 1 s while 1 uploads");
    }
  }

  @Test
  void shouldWaitWhileTooManyUploadsAreInFlight() throws Exception {
    config = config.with(Map.of("ingest.uploads.in.flight", "1"));
    try (Ingester ingester = Ingester.open(config)) {
      CompletableFuture<IngestOutcome> first = ingester.submit(stream(CONTENT));
      CompletableFuture<Void> second = new CompletableFuture<>();
      Thread submitting =
          new Thread(
              () -> {
                try {
                  CompletableFuture<IngestOutcome> unused = ingester.submit(stream(CONTENT));
                  second.complete(null);
                } catch (InterruptedException interrupted) {
                  second.completeExceptionally(interrupted);
                }
              });
      submitting.start();
      UploadId id = topics.awaitSealed(1).get(0);
      await().until(() -> submitting.getState() == Thread.State.WAITING);
      assertThat(second).isNotDone();

      topics.tell(id, UploadStatus.newBuilder().setState(State.FAILED).build());

      second.get(1, TimeUnit.MINUTES);
      assertThat(first.get(1, TimeUnit.MINUTES)).isInstanceOf(IngestOutcome.Failed.class);
    }
  }

  @Test
  void shouldTellThatKafkaCannotBeReached() throws Exception {
    CastoreConfig nobody =
        config.with(
            Map.of("bootstrap.servers", "127.0.0.1:1", "kafka.default.api.timeout.ms", "1000"));

    assertThatExceptionOfType(PipelineUnavailableException.class)
        .isThrownBy(() -> Ingester.open(nobody).close())
        .withMessageStartingWith("Kafka cannot be used: ");
  }

  private static StreamSource stream(byte[] content) {
    return new StreamSource(NAME, () -> new ByteArrayInputStream(content));
  }

  private static final class Changing implements Source {
    private final boolean again;
    private final byte[] content;
    private final AtomicInteger opened = new AtomicInteger();

    private Changing(boolean again, byte[] content) {
      this.again = again;
      this.content = content;
    }

    @Override
    public String name() {
      return NAME;
    }

    @Override
    public InputStream open() {
      opened.incrementAndGet();
      return new ByteArrayInputStream(content);
    }

    @Override
    public void checkContent(Digest digest, long bytesRead) throws IOException {
      throw new SourceChangedException("it changed");
    }

    @Override
    public boolean canReadAgain() {
      return again;
    }
  }

  @SuppressWarnings("InputStreamSlowMultibyteRead") // as slow as it may be
  private static final class Endless extends InputStream {
    private int next;

    @Override
    public int read() {
      return (next++ * 31) & 0xff;
    }
  }

  @SuppressWarnings("InputStreamSlowMultibyteRead") // as slow as it may be
  private static final class Broken extends InputStream {
    private int left = 4000;

    @Override
    public int read() throws IOException {
      if (left-- <= 0) {
        throw new IOException("broken pipe");
      }
      return 0;
    }
  }
}
