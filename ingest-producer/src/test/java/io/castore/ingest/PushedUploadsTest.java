package io.castore.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import io.castore.content.digest.Blake3;
import io.castore.content.digest.Digest;
import io.castore.pipeline.config.CastoreConfig;
import io.castore.pipeline.records.UploadId;
import io.castore.proto.pipeline.UploadEvent;
import io.castore.proto.pipeline.UploadStatus;
import io.castore.proto.pipeline.UploadStatus.State;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What becomes of contents that are pushed, on a real broker without anything behind it. */
@ExtendWith(PipelineExtension.class)
final class PushedUploadsTest {
  private static final byte[] CONTENT = MemorySource.bytes(10_000, 1);
  private static final String NAME = "test:pushed";

  private TestPipeline.Topics topics;
  private CastoreConfig config;

  @BeforeEach
  void makeTopics(TestPipeline pipeline) throws Exception {
    topics = pipeline.topics();
    config = topics.config();
  }

  @Test
  void shouldPublishWhatWasPushed() throws Exception {
    try (PushedUploads uploads = PushedUploads.open(config)) {
      PushedUpload upload = begin(uploads, Optional.of(Blake3.hash(CONTENT)));
      push(upload, CONTENT);
      upload.end();
      UploadId id = topics.awaitSealed(1).get(0);
      topics.tell(id, complete());

      assertThat(outcome(upload)).isInstanceOf(PushOutcome.Stored.class);
      assertThat(topics.eventsOf(id).get(0).getOpened().getSource()).isEqualTo(NAME);
      assertThat(topics.eventsOf(id).get(1).getSealed().getSize()).isEqualTo(CONTENT.length);
    }
  }

  @Test
  void shouldPublishTheEmptyContent() throws Exception {
    try (PushedUploads uploads = PushedUploads.open(config)) {
      PushedUpload upload = begin(uploads, Optional.empty());
      upload.end();
      UploadId id = topics.awaitSealed(1).get(0);

      assertThat(topics.eventsOf(id).get(1).getSealed().getBlobDigest())
          .isEqualTo(ByteString.copyFrom(Digest.EMPTY.toBytes()));
    }
  }

  @Test
  void shouldAbortAnUploadOfAnotherContentThanWasPromised() throws Exception {
    try (PushedUploads uploads = PushedUploads.open(config)) {
      PushedUpload upload = begin(uploads, Optional.of(Digest.EMPTY));
      push(upload, CONTENT);
      upload.end();

      assertThat(outcome(upload)).isEqualTo(new PushOutcome.WrongDigest(Blake3.hash(CONTENT)));
      assertThat(awaitAbort()).contains(Digest.EMPTY.toHex());
    }
  }

  @Test
  void shouldAbortAnUploadThatIsTooLong() throws Exception {
    try (PushedUploads uploads = PushedUploads.open(with("server.max.upload.bytes", "9999"))) {
      PushedUpload upload = begin(uploads, Optional.empty());

      assertThat(upload.write(ByteBuffer.wrap(CONTENT))).failsWithin(1, TimeUnit.MINUTES);
      assertThat(outcome(upload)).isEqualTo(new PushOutcome.TooLong(9999));
    }
  }

  @Test
  void shouldAbortAnUploadThatIsGivenUp() throws Exception {
    try (PushedUploads uploads = PushedUploads.open(config)) {
      PushedUpload upload = begin(uploads, Optional.empty());
      push(upload, CONTENT);

      upload.abort("changed my mind");

      assertThat(outcome(upload)).isEqualTo(new PushOutcome.Aborted("changed my mind"));
      assertThat(awaitAbort()).isEqualTo("changed my mind");
    }
  }

  @Test
  void shouldAbortAnUploadOfWhichNothingComes() throws Exception {
    try (PushedUploads uploads = PushedUploads.open(with("server.stall.timeout.ms", "100"))) {
      PushedUpload upload = begin(uploads, Optional.empty());
      push(upload, CONTENT);

      assertThat(outcome(upload)).isInstanceOf(PushOutcome.Aborted.class);
      assertThat(awaitAbort()).contains("nothing came");
    }
  }

  @Test
  void shouldGiveUpAnUploadWhoseTurnDoesNotCome() throws Exception {
    CastoreConfig narrow =
        config.with(Map.of("server.max.uploads", "1", "server.request.timeout.ms", "500"));
    try (PushedUploads uploads = PushedUploads.open(narrow)) {
      PushedUpload first = begin(uploads, Optional.empty());
      push(first, CONTENT);
      PushedUpload second = begin(uploads, Optional.empty());

      assertThat(outcome(second)).isInstanceOf(PushOutcome.Unavailable.class);
      assertThat(first.outcome()).isNotDone();
    }
  }

  @Test
  void shouldLetNoMoreBeginThanMayBeUnderWay() throws Exception {
    try (PushedUploads uploads = PushedUploads.open(with("server.max.uploads", "1"))) {
      for (int begun = 0; begun < 64; begun++) {
        PushedUpload unused = begin(uploads, Optional.empty());
      }

      assertThat(uploads.begin(NAME, Optional.empty())).isEmpty();
    }
  }

  @Test
  void shouldGiveUpWhatIsNotWholeWhenItCloses() throws Exception {
    PushedUpload upload;
    try (PushedUploads uploads = PushedUploads.open(config)) {
      upload = begin(uploads, Optional.empty());
      push(upload, CONTENT);
    }

    assertThat(outcome(upload)).isInstanceOf(PushOutcome.Unavailable.class);
    assertThat(topics.events().values())
        .noneMatch(events -> events.stream().anyMatch(UploadEvent::hasSealed));
  }

  private CastoreConfig with(String key, String value) throws Exception {
    return config.with(Map.of(key, value));
  }

  private static PushedUpload begin(PushedUploads uploads, Optional<Digest> expected) {
    return uploads.begin(NAME, expected).orElseThrow();
  }

  private static void push(PushedUpload upload, byte[] content) throws Exception {
    CompletableFuture<Void> taken = upload.write(ByteBuffer.wrap(content));
    taken.get(1, TimeUnit.MINUTES);
  }

  private static PushOutcome outcome(PushedUpload upload) throws Exception {
    return upload.outcome().get(1, TimeUnit.MINUTES);
  }

  private String awaitAbort() {
    return await()
        .until(
            () ->
                topics.events().values().stream()
                    .flatMap(List::stream)
                    .filter(UploadEvent::hasAborted)
                    .map(event -> event.getAborted().getReason())
                    .findFirst(),
            Optional::isPresent)
        .orElseThrow();
  }

  private static UploadStatus complete() {
    return UploadStatus.newBuilder()
        .setState(State.COMPLETE)
        .setBlobDigest(ByteString.copyFrom(Blake3.hash(CONTENT).toBytes()))
        .setSize(CONTENT.length)
        .setChunkCount(3)
        .build();
  }
}
