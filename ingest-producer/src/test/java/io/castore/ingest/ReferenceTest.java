package io.castore.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import io.castore.content.digest.Digest;
import io.castore.pipeline.config.CastoreConfig;
import io.castore.pipeline.config.InvalidConfigException;
import io.castore.pipeline.known.KnownChunks;
import io.castore.pipeline.records.UploadId;
import io.castore.proto.pipeline.ChunkReceipt;
import io.castore.proto.pipeline.ChunkReceipt.Result;
import io.castore.proto.pipeline.UploadEvent;
import io.castore.proto.pipeline.UploadStatus;
import io.castore.proto.pipeline.UploadStatus.State;
import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What an ingester sends without bytes, and what it does when these are wanted after all. */
@ExtendWith(PipelineExtension.class)
final class ReferenceTest {
  private static final byte[] CONTENT = MemorySource.bytes(10_000, 1);

  private final MemorySource source = new MemorySource(CONTENT);
  private final Set<UploadId> seen = new HashSet<>();
  private TestPipeline.Topics topics;
  private CastoreConfig config;

  @BeforeEach
  void makeTopics(TestPipeline pipeline) throws Exception {
    topics = pipeline.topics();
    config = topics.config();
  }

  @Test
  void shouldReferOnlyToWhatIsKnownToBeStored() throws Exception {
    try (Ingester ingester = open()) {
      UploadId first = upload(ingester, source);
      UploadId second = upload(ingester, source);
      assertThat(referred(first)).isEmpty();
      assertThat(referred(second)).isEmpty();

      tellReceipts(second, Result.STORED, 0, 2);
      tellReceipts(second, Result.DEDUPLICATED, 3);

      UploadId third = awaitReferring(ingester, 3);
      assertThat(referred(third)).containsExactlyInAnyOrder(0L, 2L, 3L);
      assertThat(sealed(third)).isEqualTo(sealed(first));
    }
  }

  @Test
  void shouldSendTheBytesOfAStreamWhateverIsKnown() throws Exception {
    try (Ingester ingester = open()) {
      tellReceipts(upload(ingester, source), Result.STORED, 0, 1, 2);
      UploadId unused = awaitReferring(ingester, 2);

      assertThat(referred(upload(ingester, stream()))).isEmpty();
    }
  }

  @Test
  void shouldForgetWhatIsMissingOrRejected() throws Exception {
    try (Ingester ingester = open()) {
      UploadId first = upload(ingester, source);
      tellReceipts(first, Result.STORED, 0, 1, 2);
      tellReceipts(first, Result.MISSING, 0);
      tellReceipts(first, Result.REJECTED, 2);
      tellReceipts(first, Result.STORED, 3);

      assertThat(referred(awaitReferring(ingester, 3))).containsExactlyInAnyOrder(1L, 3L);
    }
  }

  @Test
  void shouldReferToNothingWhereNothingIsRemembered() throws Exception {
    config = config.with(Map.of("ingest.known.digests", "0"));
    try (Ingester ingester = open()) {
      UploadId first = upload(ingester, source);
      tellReceipts(first, Result.STORED, 0, 1, 2);
      end(ingester, first);

      assertThat(referred(upload(ingester, source))).isEmpty();
    }
  }

  @Test
  void shouldReferToWhatALookupKnows() throws Exception {
    cutLongChunks();
    config = config.with(Map.of("ingest.known.digests", "0"));
    FakeLookup lookup = new FakeLookup();
    try (Ingester ingester = open(Optional.of(lookup))) {
      UploadId first = upload(ingester, source);
      assertThat(referred(first)).isEmpty();
      List<TestPipeline.SentChunk> chunks = topics.chunksOf(first);
      chunks.stream().skip(1).forEach(chunk -> lookup.learn(chunk.digest()));

      UploadId second = upload(ingester, source);
      assertThat(referred(second))
          .containsExactlyInAnyOrderElementsOf(
              chunks.stream()
                  .skip(1)
                  .map(chunk -> chunk.record())
                  .filter(chunk -> chunk.getRawSize() >= ReferableChunks.SMALLEST_ASKED_FOR)
                  .map(chunk -> chunk.getSeq())
                  .toList());
      assertThat(sealed(second)).isEqualTo(sealed(first));
      assertThat(referred(upload(ingester, stream()))).isEmpty();
    }
  }

  @Test
  void shouldSendTheBytesOfWhatALookupWasWrongAbout() throws Exception {
    cutLongChunks();
    try (Ingester ingester = open(Optional.of(new Liar()))) {
      UploadId upload = upload(ingester, source);
      Set<Long> referred = referred(upload);
      assertThat(referred).hasSizeGreaterThan(3);

      topics.request(upload, referred.toArray(Long[]::new));

      List<Long> again =
          await().until(() -> sentAgain(upload), seqs -> seqs.size() >= referred.size());
      assertThat(again).hasSize(referred.size()).doesNotHaveDuplicates();
      end(ingester, upload);
    }
  }

  /** Says that it knows everything. */
  private static final class Liar implements KnownChunks {
    @Override
    public CompletableFuture<List<Digest>> findMissing(List<Digest> digests, Reach reach) {
      return CompletableFuture.completedFuture(List.of());
    }
  }

  @Test
  void shouldSendTheBytesOnceForEachRequest() throws Exception {
    try (Ingester ingester = open()) {
      tellReceipts(upload(ingester, source), Result.STORED, 0, 1, 2);
      UploadId upload = awaitReferring(ingester, 2);
      int sent = topics.chunksOf(upload).size();

      topics.request(upload, 0L, 2L, 1_000_000L);

      List<Long> again = await().until(() -> sentAgain(upload), seqs -> seqs.size() >= 2);
      assertThat(again).containsExactlyInAnyOrder(0L, 2L);
      topics.request(upload, 2L);
      again = await().until(() -> sentAgain(upload), seqs -> seqs.size() >= 3);
      assertThat(again).containsExactlyInAnyOrder(0L, 2L, 2L);
      end(ingester, upload);
      assertThat(topics.chunksOf(upload)).hasSize(sent + 3);
    }
  }

  @Test
  void shouldFailAnUploadWhoseSourceHasChangedWhenItIsWantedAgain() throws Exception {
    try (Ingester ingester = open()) {
      CompletableFuture<IngestOutcome> outcome = ingester.submit(source);
      UploadId upload = newlySealed();
      source.become(MemorySource.bytes(10_000, 2));

      topics.request(upload, 1L);

      String reason =
          "chunks of memory:source are wanted once more, but it changed after it was read: its content is another";
      assertThat(outcome.get(1, TimeUnit.MINUTES)).isEqualTo(new IngestOutcome.Failed(reason));
      assertThat(sentAgain(upload)).isEmpty();
      List<UploadEvent> events =
          await().until(() -> topics.eventsOf(upload), said -> said.size() == 3);
      assertThat(events.get(2).getAborted().getReason()).isEqualTo(reason);
    }
  }

  @Test
  void shouldFailAStreamThatIsWantedAgain() throws Exception {
    try (Ingester ingester = open()) {
      CompletableFuture<IngestOutcome> outcome = ingester.submit(stream());
      UploadId upload = newlySealed();

      topics.request(upload, 0L);

      assertThat(outcome.get(1, TimeUnit.MINUTES))
          .isEqualTo(
              new IngestOutcome.Failed(
                  "chunks of stdin: are wanted once more, but it cannot be read again: a stream can be read only once"));
    }
  }

  @Test
  void shouldSealWithThePlacesOfAllChunks() throws Exception {
    try (Ingester ingester = open()) {
      UploadId first = upload(ingester, source);
      UploadId second = upload(ingester, source);

      List<UploadEvent.PartitionRange> places = topics.placesOf(first);
      assertThat(places).hasSize(2);
      assertThat(sealedWithPlaces(first).getChunkRecordsList()).isEqualTo(places);
      assertThat(sealedWithPlaces(second).getChunkRecordsList()).isEqualTo(topics.placesOf(second));
    }
  }

  /** Of such as are worth a question. */
  private void cutLongChunks() throws InvalidConfigException {
    config = config.with(Map.of("chunk.avg.bytes", "131072"));
    source.become(MemorySource.bytes(1_000_000, 1));
  }

  private Ingester open() throws PipelineUnavailableException {
    return open(Optional.empty());
  }

  private Ingester open(Optional<KnownChunks> lookup) throws PipelineUnavailableException {
    BacklogGateTest.FakeBacklog backlog = new BacklogGateTest.FakeBacklog();
    backlog.set(0);
    return Ingester.open(config, backlog, lookup);
  }

  private static StreamSource stream() {
    return new StreamSource("stdin:", () -> new ByteArrayInputStream(CONTENT));
  }

  /** Has a source read to its end. */
  private UploadId upload(Ingester ingester, Source from) throws InterruptedException {
    CompletableFuture<IngestOutcome> unused = ingester.submit(from);
    return newlySealed();
  }

  /** Has the source read until a chunk of it is known, which was told of last. */
  private UploadId awaitReferring(Ingester ingester, long seq) {
    return await().until(() -> upload(ingester, source), id -> referred(id).contains(seq));
  }

  private UploadId newlySealed() {
    List<UploadId> ids = new ArrayList<>(topics.awaitSealed(seen.size() + 1));
    ids.removeAll(seen);
    seen.addAll(ids);
    return ids.get(0);
  }

  /** Ends uploads, and waits until the ingester has heard that. */
  private void end(Ingester ingester, UploadId... uploads) {
    long ended = ingester.progress().failed();
    for (UploadId upload : uploads) {
      topics.tell(upload, UploadStatus.newBuilder().setState(State.FAILED).build());
    }
    await().until(() -> ingester.progress().failed() == ended + uploads.length);
  }

  private void tellReceipts(UploadId upload, Result result, int... seqs) {
    List<TestPipeline.SentChunk> chunks = topics.chunksOf(upload);
    for (int seq : seqs) {
      TestPipeline.SentChunk chunk =
          chunks.stream().filter(sent -> sent.record().getSeq() == seq).findFirst().orElseThrow();
      topics.tell(
          upload,
          ChunkReceipt.newBuilder()
              .setSeq(seq)
              .setDigest(ByteString.copyFrom(chunk.digest().toBytes()))
              .setRawSize(chunk.record().getRawSize())
              .setResult(result)
              .setStoreId("a store")
              .build());
    }
  }

  /** The seqs that an upload sent without bytes. */
  private Set<Long> referred(UploadId upload) {
    return topics.chunksOf(upload).stream()
        .filter(chunk -> chunk.record().hasReference())
        .map(chunk -> chunk.record().getSeq())
        .collect(Collectors.toSet());
  }

  /** The seqs of an upload that came more than once, with bytes, without their first time. */
  private List<Long> sentAgain(UploadId upload) {
    Set<Long> first = new HashSet<>();
    return topics.chunksOf(upload).stream()
        .filter(chunk -> !first.add(chunk.record().getSeq()))
        .filter(chunk -> chunk.record().hasZstdFrame())
        .map(chunk -> chunk.record().getSeq())
        .toList();
  }

  private UploadEvent.Sealed sealedWithPlaces(UploadId upload) {
    return topics.eventsOf(upload).stream()
        .filter(UploadEvent::hasSealed)
        .findFirst()
        .orElseThrow()
        .getSealed();
  }

  private UploadEvent.Sealed sealed(UploadId upload) {
    return sealedWithPlaces(upload).toBuilder().clearChunkRecords().build();
  }
}
