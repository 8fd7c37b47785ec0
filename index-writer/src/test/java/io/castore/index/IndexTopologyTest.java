package io.castore.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.castore.content.digest.Blake3;
import io.castore.content.digest.Digest;
import io.castore.content.layout.BlobIndex;
import io.castore.content.layout.ChunkRef;
import io.castore.content.objectstore.ObjectBody;
import io.castore.content.objectstore.StoreUnavailableException;
import io.castore.pipeline.records.UploadId;
import io.castore.pipeline.records.UploadStates;
import io.castore.pipeline.streams.DeadLetters;
import io.castore.pipeline.telemetry.Tracing;
import io.castore.pipeline.topics.Topics;
import io.castore.proto.pipeline.ChunkReceipt;
import io.castore.proto.pipeline.ChunkReceipt.Result;
import io.castore.proto.pipeline.ChunkRecord;
import io.castore.proto.pipeline.ChunkRequest;
import io.castore.proto.pipeline.SourceEntry;
import io.castore.proto.pipeline.SourceVersion;
import io.castore.proto.pipeline.UploadEvent;
import io.castore.proto.pipeline.UploadStatus;
import io.castore.proto.pipeline.UploadStatus.State;
import io.castore.proto.state.UploadHeader;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class IndexTopologyTest {
  private static final Topics TOPICS = new Topics("castore.");
  private static final Duration EXPIRY = Duration.ofHours(2);
  private static final Duration TICK = Duration.ofSeconds(30);
  private static final Instant NOW = Instant.ofEpochMilli(1_800_000_000_000L);

  private final FallibleStore store = new FallibleStore();
  private final MeterRegistry meters = new SimpleMeterRegistry();
  private final InMemorySpanExporter spans = InMemorySpanExporter.create();
  private final OpenTelemetrySdk telemetry =
      OpenTelemetrySdk.builder()
          .setTracerProvider(
              SdkTracerProvider.builder()
                  .addSpanProcessor(SimpleSpanProcessor.create(spans))
                  .build())
          .build();
  @TempDir private Path stateDir;
  private TopologyTestDriver driver;
  private TestInputTopic<byte[], byte[]> events;
  private TestInputTopic<byte[], byte[]> receipts;
  private TestOutputTopic<UploadId, UploadStatus> statuses;
  private TestOutputTopic<UploadId, ChunkRequest> requests;
  private TestOutputTopic<Digest, ChunkRecord> claims;
  private TestOutputTopic<String, SourceEntry> sources;
  private TestOutputTopic<byte[], byte[]> deadLetters;
  private boolean chunkerAnswers = true;

  @BeforeEach
  void start() {
    start(false);
  }

  private void start(boolean leavesOutSingles) {
    Properties settings = new Properties();
    settings.put("application.id", "indexer");
    settings.put("bootstrap.servers", "none:1");
    settings.put("state.dir", stateDir.toString());
    driver = new TopologyTestDriver(topology(leavesOutSingles), settings, NOW);
    events =
        driver.createInputTopic(
            TOPICS.uploads().name(), new ByteArraySerializer(), new ByteArraySerializer());
    receipts =
        driver.createInputTopic(
            TOPICS.chunkReceipts().name(), new ByteArraySerializer(), new ByteArraySerializer());
    statuses =
        driver.createOutputTopic(
            TOPICS.uploadStatus().name(),
            TOPICS.uploadStatus().keys().deserializer(),
            TOPICS.uploadStatus().values().deserializer());
    requests =
        driver.createOutputTopic(
            TOPICS.chunkRequests().name(),
            TOPICS.chunkRequests().keys().deserializer(),
            TOPICS.chunkRequests().values().deserializer());
    claims =
        driver.createOutputTopic(
            TOPICS.chunks().name(),
            TOPICS.chunks().keys().deserializer(),
            TOPICS.chunks().values().deserializer());
    sources =
        driver.createOutputTopic(
            TOPICS.sources().name(),
            TOPICS.sources().keys().deserializer(),
            TOPICS.sources().values().deserializer());
    deadLetters =
        driver.createOutputTopic(
            TOPICS.eventsDlq().name(), new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  @AfterEach
  void stop() {
    driver.close();
  }

  private Topology topology() {
    return topology(false);
  }

  private Topology topology(boolean leavesOutSingles) {
    return IndexTopology.build(
        TOPICS,
        new IndexPorts(
            new BlobPublisher(store, leavesOutSingles),
            Upload.STORE_ID,
            EXPIRY,
            new StoreWorkers(Runnable::run),
            Optional::empty,
            (upload, ranges) -> {
              throw new AssertionError("nothing is read again");
            },
            new UploadMeters(meters, TOPICS.eventsDlq().name()),
            Tracing.by(telemetry)));
  }

  /** {@code -Dcastore.golden.update=true} writes the file anew. */
  @Test
  void shouldHaveTheShapeThatIsOnFile() throws IOException {
    Path golden = Path.of("src/test/resources/index-topology.txt");
    String shape = topology().describe().toString();
    if (Boolean.getBoolean("castore.golden.update")) {
      Files.writeString(golden, shape);
    }

    assertThat(golden).content().isEqualTo(shape);
  }

  @Test
  void shouldWriteTheExampleOfTheSpecificationByteForByte() throws IOException {
    Upload upload = Upload.ofBlobB();
    sendAll(upload);

    assertThat(HexFormat.of().formatHex(Upload.read(store, upload.key()).orElseThrow()))
        .isEqualTo(
            "12260a2079445f0f1420045f8be59af5f7915cfd9182c978ece11a21913641e457fa9794108080"
                + "2012260a20832c7fbdbe9a537273cfe0299195a09ba7d08b6da842ab25fea373d739e9c5ac1080e01f");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 2500})
  void shouldPublishAndTellItAll(int count) throws IOException {
    Upload upload = Upload.of(count);
    sendAll(upload);
    pass(Duration.ofMillis(50));

    assertThat(Upload.read(store, upload.key())).contains(upload.object());
    assertThat(store.writes()).isEqualTo(1);
    assertEnded(State.COMPLETE, "");
    assertThat(header(upload).getStatus())
        .isEqualTo(
            UploadStatus.newBuilder()
                .setState(State.COMPLETE)
                .setSource(Upload.SOURCE)
                .setOpenedAtMs(Upload.OPENED_AT_MS)
                .setUpdatedAtMs(NOW.toEpochMilli() + (count > StoreWorkers.SHORT_LIST ? 50 : 0))
                .setBlobDigest(ByteString.copyFrom(upload.blob().toBytes()))
                .setSize(upload.size())
                .setChunkCount(count)
                .setChunksReceived(count)
                .setBytesReceived(upload.size())
                .setNewChunks(upload.newChunks())
                .setNewBytes(upload.newBytes())
                .build());
  }

  @Test
  void shouldCountEachUploadOnceInEachStateThatItComesTo() {
    Upload complete = Upload.of(2);
    send(complete, complete.opened());
    assertThat(meters.get("castore.uploads.in.progress").gauge().value()).isEqualTo(1);
    send(complete, complete.opened());
    send(complete, complete.sealed());
    send(complete, complete.sealed());
    send(complete, complete.receipt(0));
    send(complete, complete.receipt(1));
    send(complete, complete.receipt(1));
    pass(Duration.ofSeconds(2));
    Upload failed = Upload.of(2);
    send(failed, failed.receipt(0, Result.REJECTED));
    send(failed, failed.opened());
    events.pipeInput(new byte[1], new byte[0]);

    assertThat(uploads("open")).isEqualTo(2);
    assertThat(uploads("sealed")).isEqualTo(1);
    assertThat(uploads("complete")).isEqualTo(1);
    assertThat(uploads("failed")).isEqualTo(1);
    assertThat(uploads("aborted") + uploads("expired")).isZero();
    assertThat(meters.get("castore.uploads.in.progress").gauge().value()).isZero();
    assertThat(meters.get("castore.upload.bytes").counter().count())
        .isEqualTo((double) complete.size());
    Timer duration = meters.get("castore.upload.duration").timer();
    assertThat(duration.count()).isEqualTo(1);
    assertThat(duration.totalTime(TimeUnit.MILLISECONDS))
        .isEqualTo((double) (NOW.toEpochMilli() - Upload.OPENED_AT_MS));
    assertThat(meters.get("castore.dead.letters").counter().count()).isEqualTo(1);
  }

  @Test
  void shouldTraceAnUploadFromItsSealToItsEnd() {
    Span root = Tracing.by(telemetry).begin("ingest");
    Headers headers = new RecordHeaders();
    Tracing.addTo(headers, root);
    Upload upload = Upload.of(1);
    send(upload, upload.opened());
    events.pipeInput(
        new TestRecord<>(upload.id().toBytes(), upload.sealed().toByteArray(), headers, NOW));
    send(upload, upload.receipt(0));
    pass(Duration.ofMillis(50));
    Upload untraced = Upload.of(2);
    sendAll(untraced);

    assertThat(spans.getFinishedSpanItems()).hasSize(1);
    SpanData published = spans.getFinishedSpanItems().get(0);
    assertThat(published.getName()).isEqualTo("publish blob");
    assertThat(published.getParentSpanContext().getSpanId())
        .isEqualTo(root.getSpanContext().getSpanId());
    assertThat(published.getTraceId()).isEqualTo(root.getSpanContext().getTraceId());
    assertThat(published.getAttributes().get(AttributeKey.stringKey("castore.state")))
        .isEqualTo("COMPLETE");
  }

  private double uploads(String state) {
    return meters.get("castore.uploads").tag("state", state).counter().count();
  }

  @Test
  void shouldTellWhatItKeeps() {
    Upload upload = Upload.of(2);
    sendAll(upload);

    assertThat(lastStatus()).isEqualTo(header(upload).getStatus());
  }

  @Test
  void shouldTellHowFarAnUploadHasCome() {
    Upload upload = Upload.of(3);
    send(upload, upload.opened());
    UploadStatus first = statuses.readValue();
    assertThat(first.getState()).isEqualTo(State.OPEN);
    assertThat(first.getSource()).isEqualTo(Upload.SOURCE);
    pass(Duration.ofSeconds(1));
    send(upload, upload.receipt(0));
    send(upload, upload.receipt(1));
    assertThat(statuses.isEmpty()).isTrue();

    pass(Duration.ofSeconds(1));
    UploadStatus open = statuses.readValue();
    assertThat(open.getState()).isEqualTo(State.OPEN);
    assertThat(open.getChunksReceived()).isEqualTo(2);
    assertThat(open.getNewChunks()).isEqualTo(1);

    send(upload, upload.sealed());
    pass(Duration.ofSeconds(1));
    UploadStatus sealed = statuses.readValue();
    assertThat(sealed.getState()).isEqualTo(State.SEALED);
    assertThat(sealed.getChunkCount()).isEqualTo(3);

    pass(Duration.ofSeconds(1));
    assertThat(statuses.isEmpty()).isTrue();
  }

  @Test
  void shouldCompleteWhereReceiptsComeBeforeTheUploadIsOpened() {
    Upload upload = Upload.of(2);
    send(upload, upload.receipt(1));
    send(upload, upload.receipt(0));
    send(upload, upload.opened());
    send(upload, upload.sealed());

    assertEnded(State.COMPLETE, "");
  }

  @Test
  void shouldCompleteWhereTheUploadWasSealedTwiceAlike() {
    Upload upload = Upload.of(1);
    send(upload, upload.opened());
    send(upload, upload.sealed());
    send(upload, upload.sealed());
    send(upload, upload.receipt(0));

    assertEnded(State.COMPLETE, "");
  }

  @Test
  void shouldCountAReceiptThatComesTwiceOnce() {
    Upload upload = Upload.of(2);
    send(upload, upload.sealed());
    send(upload, upload.receipt(0));
    send(upload, upload.receipt(0, Result.DEDUPLICATED));
    assertThat(lastStatus().getState()).isEqualTo(State.SEALED);
    send(upload, upload.receipt(1));

    assertThat(assertEnded(State.COMPLETE, "").getNewChunks()).isEqualTo(1);
  }

  @Test
  void shouldFailWhereTwoChunksComeForOnePlace() {
    Upload upload = Upload.of(2);
    send(upload, upload.receipt(0));
    send(upload, Upload.receipt(0, upload.chunks().get(1), Result.STORED));

    assertEnded(
        State.FAILED,
        "two different chunks came as chunk 0: %s and %s"
            .formatted(upload.chunks().get(0).digest(), upload.chunks().get(1).digest()));
  }

  @ParameterizedTest
  @ValueSource(longs = {2, 3, Long.MAX_VALUE, -1, Long.MIN_VALUE})
  void shouldFailWhereAChunkIsOutOfRange(long seq) {
    Upload upload = Upload.of(2);
    send(upload, Upload.receipt(seq, upload.chunks().get(1), Result.STORED));
    send(upload, upload.sealed());

    assertThat(assertEnded(State.FAILED).getReason())
        .contains("is out of range: the upload has 2 chunks");
  }

  @Test
  void shouldFailWhereTheSizesDoNotAddUp() {
    Upload upload = Upload.of(2);
    send(upload, upload.receipt(0));
    send(upload, upload.receipt(1));
    send(upload, Upload.sealed(upload.blob(), 27, 2));

    assertEnded(State.FAILED, "the chunks have 28 bytes (expected: 27)");
    assertThat(store.writes()).isZero();
  }

  @Test
  void shouldFailWhereTheOnlyChunkHasAnotherDigestThanTheBlob() {
    Upload upload = Upload.of(1);
    Digest other = Blake3.hash(new byte[] {1});
    send(upload, Upload.sealed(other, upload.size(), 1));
    send(upload, upload.receipt(0));

    assertEnded(State.FAILED, "the blob's digest is not that of its only chunk");
    assertThat(store.writes()).isZero();
  }

  private static Stream<UploadEvent> impossibleSeals() {
    Digest any = Upload.of(2).blob();
    return Stream.of(
        UploadEvent.newBuilder()
            .setSealed(UploadEvent.Sealed.newBuilder().setSize(1).setChunkCount(1))
            .build(),
        Upload.sealed(any, 0, 2),
        Upload.sealed(any, 28, 0),
        Upload.sealed(any, -1, 2),
        Upload.sealed(any, 28, -1),
        Upload.sealed(Digest.EMPTY, 1, 1),
        Upload.sealed(Digest.EMPTY, 0, 1));
  }

  @ParameterizedTest
  @MethodSource("impossibleSeals")
  void shouldFailWhatIsSealedWithWhatCannotBe(UploadEvent sealed) {
    send(Upload.of(2), sealed);

    assertThat(assertEnded(State.FAILED).getReason()).isNotEmpty();
    assertThat(store.writes()).isZero();
  }

  @Test
  void shouldFailWhereTheUploadWasSealedTwiceDifferently() {
    Upload upload = Upload.of(2);
    send(upload, upload.sealed());
    send(upload, Upload.sealed(upload.blob(), 29, 2));

    assertEnded(State.FAILED, "the upload was sealed twice, differently");
  }

  @Test
  void shouldFailWithTheReasonOfARejectedChunk() {
    Upload upload = Upload.of(2);
    send(upload, upload.opened());
    send(upload, Upload.rejected(1, "bad frame"));

    assertEnded(State.FAILED, "chunk 1 was rejected: bad frame");
  }

  @Test
  void shouldCutAReasonThatIsTooLong() {
    Upload upload = Upload.of(2);
    send(upload, Upload.aborted("x".repeat(1 << 20)));

    assertThat(assertEnded(State.ABORTED).getReason()).hasSize(64 << 10);
  }

  @Test
  void shouldAbortAndPublishNothing() {
    Upload upload = Upload.of(1);
    send(upload, upload.opened());
    send(upload, Upload.aborted("interrupted"));
    send(upload, upload.receipt(0));
    send(upload, upload.sealed());

    assertEnded(State.ABORTED, "interrupted");
    assertThat(store.writes()).isZero();
  }

  @Test
  void shouldNeverLeaveAFinalState() {
    Upload upload = Upload.of(2);
    sendAll(upload);
    UploadHeader complete = header(upload);
    assertEnded(State.COMPLETE, "");

    send(upload, Upload.aborted("too late"));
    send(upload, Upload.rejected(0, "too late"));
    send(upload, upload.opened());
    send(upload, Upload.sealed(upload.blob(), 1, 1));
    send(upload, Upload.receipt(9, upload.chunks().get(0), Result.STORED));
    pass(EXPIRY.multipliedBy(3));

    assertThat(statuses.isEmpty()).isTrue();
    assertThat(header(upload)).isEqualTo(complete);
  }

  @Test
  void shouldNotCountReceiptsOfAnotherStore() {
    Upload upload = Upload.of(1);
    send(upload, upload.sealed());
    send(upload, upload.receipt(0).toBuilder().setStoreId("another").build());
    assertThat(lastStatus().getChunksReceived()).isZero();
    assertThat(store.writes()).isZero();

    send(upload, upload.receipt(0));
    assertEnded(State.COMPLETE, "");
  }

  @Test
  void shouldExpireAfterSilence() {
    Upload upload = Upload.of(2);
    send(upload, upload.opened());
    send(upload, upload.receipt(0));

    pass(EXPIRY.minusMinutes(1));
    assertThat(statuses.readValuesToList())
        .extracting(UploadStatus::getState)
        .containsOnly(State.OPEN);
    pass(Duration.ofMinutes(2));

    UploadStatus expired = assertEnded(State.EXPIRED);
    assertThat(expired.getReason()).isEqualTo("nothing was heard of the upload for " + EXPIRY);
    assertThat(expired.getChunksReceived()).isEqualTo(1);
    send(upload, upload.receipt(1));
    send(upload, upload.sealed());
    assertThat(header(upload).getStatus().getState()).isEqualTo(State.EXPIRED);
    assertThat(store.writes()).isZero();
  }

  @Test
  void shouldTellAnExpiryOnce() {
    Upload upload = Upload.of(2);
    send(upload, upload.opened());
    pass(EXPIRY.plusMinutes(1));
    assertThat(lastStatus().getState()).isEqualTo(State.EXPIRED);

    pass(EXPIRY);
    assertThat(statuses.isEmpty()).isTrue();
    assertThat(count(IndexTopology.DEADLINES)).isZero();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void shouldKeepAnUploadAliveWhoseReceiptsCome(boolean sealedBefore) {
    Upload upload = Upload.of(5);
    send(upload, upload.opened());
    if (sealedBefore) {
      send(upload, upload.sealed());
    }
    for (int seq = 0; seq < 4; seq++) {
      pass(EXPIRY.dividedBy(2));
      send(upload, upload.receipt(seq));
    }
    pass(EXPIRY.dividedBy(2));
    if (!sealedBefore) {
      send(upload, upload.sealed());
    }
    send(upload, upload.receipt(4));

    assertThat(lastStatus().getState()).isEqualTo(State.COMPLETE);
  }

  @Test
  void shouldClearAwayTheRowsLaterAndKeepTheHeader() {
    Upload upload = Upload.of(2000);
    sendAll(upload);
    pass(Duration.ofMinutes(4));
    assertThat(count(IndexTopology.UPLOAD_CHUNKS)).isEqualTo(2000);

    pass(Duration.ofMinutes(2));
    assertThat(count(IndexTopology.UPLOAD_CHUNKS)).isZero();
    pass(EXPIRY);
    assertThat(count(IndexTopology.DEADLINES)).isZero();
    assertThat(header(upload).getStatus().getState()).isEqualTo(State.COMPLETE);
  }

  @Test
  void shouldNotMixUploadsUp() throws IOException {
    Upload one = Upload.of(3);
    Upload other = Upload.of(2);
    for (int seq = 0; seq < 2; seq++) {
      send(one, one.receipt(seq));
      send(other, other.receipt(seq));
    }
    send(other, other.sealed());
    send(one, one.sealed());
    send(one, one.receipt(2));

    pass(GatherUploads.TICK);
    assertThat(statuses.readKeyValuesToList())
        .extracting(status -> status.key, status -> status.value.getState())
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple(one.id(), State.OPEN),
            org.assertj.core.groups.Tuple.tuple(other.id(), State.OPEN),
            org.assertj.core.groups.Tuple.tuple(other.id(), State.COMPLETE),
            org.assertj.core.groups.Tuple.tuple(one.id(), State.COMPLETE));
    assertThat(Upload.read(store, one.key())).contains(one.object());
    assertThat(Upload.read(store, other.key())).contains(other.object());
  }

  @Test
  void shouldNeverReplaceAnotherListThatCanBeRead() throws IOException {
    Upload upload = Upload.of(3);
    byte[] other = listOf(anotherListOfSize(upload.size()));
    Upload.store(store, anotherListOfSize(upload.size()).stream());
    store.put(upload.key(), ObjectBody.of(other));

    sendAll(upload);

    assertEnded(State.COMPLETE, "");
    assertThat(Upload.read(store, upload.key())).contains(other);
  }

  @Test
  void shouldNeverReplaceAListOfAnotherSizeWhoseContentIsTheBlob() throws IOException {
    Upload right = Upload.of(3);
    right.storeContent(store);
    store.put(right.key(), ObjectBody.of(right.object()));
    List<ChunkRef> more = new ArrayList<>(right.chunks());
    more.add(new ChunkRef(Blake3.hash(new byte[] {1}), 1));
    Upload wrong = new Upload(UploadId.random(), right.blob(), more);

    sendAll(wrong);

    assertThat(assertEnded(State.FAILED).getReason())
        .isEqualTo(
            "the store has an object %s whose chunks have 42 bytes (expected: 43)"
                .formatted(right.key()));
    assertThat(Upload.read(store, right.key())).contains(right.object());
  }

  @Test
  void shouldReplaceAListThatWasCutBetweenTwoEntries() throws IOException {
    Upload upload = Upload.of(3);
    upload.storeContent(store);
    byte[] cut = listOf(upload.chunks().subList(0, 2));
    store.put(upload.key(), ObjectBody.of(cut));

    sendAll(upload);

    assertEnded(State.COMPLETE, "");
    assertThat(Upload.read(store, upload.key())).contains(upload.object());
  }

  @Test
  void shouldNeverReplaceAnEmptyListWhoseChunkIsThere() throws IOException {
    Upload upload = Upload.of(3);
    Upload.store(store, Stream.of(new ChunkRef(upload.blob(), upload.size())));
    store.put(upload.key(), ObjectBody.of(new byte[0]));

    sendAll(upload);

    assertEnded(State.COMPLETE, "");
    assertThat(Upload.read(store, upload.key())).contains(new byte[0]);
  }

  @Test
  void shouldAskTheProducerForWhatIsMissing() {
    Upload upload = Upload.of(3);
    send(upload, upload.opened());
    send(upload, upload.receipt(0, Result.MISSING));
    send(upload, upload.receipt(2, Result.MISSING));
    pass(Duration.ofSeconds(1));

    assertThat(requests.readKeyValuesToList())
        .containsExactly(
            KeyValue.pair(upload.id(), ChunkRequest.newBuilder().addSeqs(0).addSeqs(2).build()));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 3})
  void shouldPublishNothingBeforeTheClaimIsAnswered(int count) throws IOException {
    chunkerAnswers = false;
    Upload upload = Upload.of(count);
    sendAll(upload);
    pass(Duration.ofSeconds(10));

    assertThat(claims.readKeyValuesToList())
        .containsExactly(
            KeyValue.pair(
                upload.blob(),
                ChunkRecord.newBuilder()
                    .setUploadId(ByteString.copyFrom(upload.id().toBytes()))
                    .setClaim(ChunkRecord.Claim.getDefaultInstance())
                    .build()));
    assertThat(lastStatus().getState()).isEqualTo(State.SEALED);
    assertThat(store.writes()).isZero();

    send(upload, upload.claimed());
    assertEnded(State.COMPLETE, "");
    assertThat(Upload.read(store, upload.key())).contains(upload.object());
  }

  @Test
  void shouldLeaveOutTheObjectOfASingleChunkAlone() throws IOException {
    stop();
    start(true);
    Upload single = Upload.of(1);
    sendAll(single);
    assertThat(assertEnded(State.COMPLETE).getObjectLeftOut()).isTrue();
    assertThat(store.stat(single.key())).isEmpty();

    Upload pair = Upload.of(2);
    sendAll(pair);
    assertThat(assertEnded(State.COMPLETE).getObjectLeftOut()).isFalse();
    assertThat(Upload.read(store, pair.key())).contains(pair.object());
  }

  @Test
  void shouldReplaceAnObjectThatIsInTheWayOfASingleChunk() throws IOException {
    stop();
    start(true);
    Upload single = Upload.of(1);
    store.put(single.key(), ObjectBody.of(new byte[] {1, 2, 3}));

    sendAll(single);

    assertEnded(State.COMPLETE, "");
    assertThat(Upload.read(store, single.key())).contains(new byte[0]);
  }

  @Test
  void shouldTellTheNewestVersionOfItsSource() {
    Upload upload = Upload.of(2);
    SourceVersion version = SourceVersion.newBuilder().setEtag("abc").setSize(28).build();
    send(upload, openedOf(version.toBuilder()));
    send(upload, upload.receipt(0));
    send(upload, upload.receipt(1));
    assertThat(statuses.readValue().getSourceVersion()).isEqualTo(version);
    assertThat(sources.isEmpty()).isTrue();

    send(upload, upload.sealed());

    pass(GatherUploads.TICK);
    assertThat(sources.readKeyValuesToList())
        .containsExactly(
            KeyValue.pair(
                Upload.SOURCE,
                SourceEntry.newBuilder()
                    .setVersion(version)
                    .setBlobDigest(ByteString.copyFrom(upload.blob().toBytes()))
                    .setSize(upload.size())
                    .setUploadId(ByteString.copyFrom(upload.id().toBytes()))
                    .setCompletedAtMs(NOW.toEpochMilli())
                    .setChunkCount(2)
                    .setStoreId("the-store")
                    .build()));
  }

  @Test
  void shouldTellOfNoSourceWhereThereIsNoneOrTheUploadFailed() {
    Upload nameless = Upload.of(1);
    send(nameless, nameless.receipt(0));
    send(nameless, nameless.sealed());
    Upload failed = Upload.of(2);
    send(failed, failed.opened());
    send(failed, Upload.rejected(1, "bad frame"));

    pass(GatherUploads.TICK);
    assertThat(sources.isEmpty()).isTrue();
  }

  private static List<ChunkRef> anotherListOfSize(long size) {
    return List.of(
        new ChunkRef(Blake3.hash(new byte[] {1}), 1),
        new ChunkRef(Blake3.hash(new byte[] {2}), size - 1));
  }

  private static Stream<byte[]> damagedObjects() throws IOException {
    Upload upload = Upload.of(3);
    byte[] right = upload.object();
    return Stream.of(
        new byte[0],
        new byte[] {1, 2, 3},
        Arrays.copyOf(right, right.length - 1),
        Arrays.copyOf(right, right.length / 3),
        listOf(anotherListOfSize(upload.size())));
  }

  @ParameterizedTest
  @MethodSource("damagedObjects")
  void shouldReplaceAnObjectThatCannotBeRead(byte[] damaged) throws IOException {
    Upload upload = Upload.of(3);
    store.put(upload.key(), ObjectBody.of(damaged));

    sendAll(upload);

    assertEnded(State.COMPLETE, "");
    assertThat(Upload.read(store, upload.key())).contains(upload.object());
  }

  @Test
  void shouldTellNothingWhereTheStoreGivesNoAnswer() throws IOException {
    Upload upload = Upload.of(2);
    send(upload, upload.opened());
    send(upload, upload.receipt(0));
    send(upload, upload.receipt(1));
    store.goAway();

    assertThatThrownBy(() -> send(upload, upload.sealed()))
        .hasRootCauseInstanceOf(StoreUnavailableException.class);
    assertThat(lastStatus().getState()).isEqualTo(State.OPEN);
    assertThat(deadLetters.isEmpty()).isTrue();
    assertThat(header(upload).getStatus().getState()).isEqualTo(State.SEALED);

    store.comeBack();
    send(upload, upload.sealed());
    assertEnded(State.COMPLETE, "");
    assertThat(Upload.read(store, upload.key())).contains(upload.object());
  }

  @Test
  void shouldSetAsideWhatCannotBeReadAndGoOn() {
    Upload upload = Upload.of(1);
    byte[] key = upload.id().toBytes();
    byte[] unparsable = {10, 100, 1};

    events.pipeInput(key, unparsable);
    receipts.pipeInput(key, unparsable);
    events.pipeInput(new byte[] {1}, upload.opened().toByteArray());
    send(upload, UploadEvent.getDefaultInstance());
    send(upload, ChunkReceipt.getDefaultInstance());
    send(upload, upload.receipt(0).toBuilder().setRawSize(0).build());
    send(upload, upload.receipt(0).toBuilder().setDigest(ByteString.EMPTY).build());
    send(upload, opened("x".repeat((64 << 10) + 1)));
    send(upload, openedOf(SourceVersion.newBuilder().setEtag("x".repeat((1 << 10) + 1))));
    send(upload, openedOf(SourceVersion.newBuilder().setSequencer("x".repeat((1 << 10) + 1))));
    sendAll(upload);

    assertEnded(State.COMPLETE, "");
    List<TestRecord<byte[], byte[]>> letters = deadLetters.readRecordsToList();
    assertThat(letters)
        .hasSize(10)
        .allSatisfy(letter -> assertThat(text(letter, DeadLetters.REASON)).isNotEmpty());
    assertThat(letters.get(0).value()).isEqualTo(unparsable);
    assertThat(text(letters.get(0), DeadLetters.TOPIC)).isEqualTo("castore.uploads");
    assertThat(text(letters.get(1), DeadLetters.TOPIC)).isEqualTo("castore.chunk-receipts");
    assertThat(text(letters.get(1), DeadLetters.OFFSET)).isEqualTo("0");
  }

  private static UploadEvent openedOf(SourceVersion.Builder version) {
    return UploadEvent.newBuilder()
        .setOpened(UploadEvent.Opened.newBuilder().setSource(Upload.SOURCE).setVersion(version))
        .build();
  }

  private static UploadEvent opened(String source) {
    return UploadEvent.newBuilder()
        .setOpened(UploadEvent.Opened.newBuilder().setSource(source))
        .build();
  }

  /** Lets time go by as it does, not in one leap. */
  private void pass(Duration time) {
    for (long left = time.toMillis(); left > 0; left -= TICK.toMillis()) {
      driver.advanceWallClockTime(Duration.ofMillis(Math.min(left, TICK.toMillis())));
    }
  }

  private void sendAll(Upload upload) {
    send(upload, upload.opened());
    IntStream.range(0, upload.chunks().size()).forEach(seq -> send(upload, upload.receipt(seq)));
    send(upload, upload.sealed());
  }

  private void send(Upload upload, UploadEvent event) {
    events.pipeInput(upload.id().toBytes(), event.toByteArray());
    answerClaims();
  }

  private void send(Upload upload, ChunkReceipt receipt) {
    receipts.pipeInput(upload.id().toBytes(), receipt.toByteArray());
    answerClaims();
  }

  private void answerClaims() {
    while (chunkerAnswers && !claims.isEmpty()) {
      KeyValue<Digest, ChunkRecord> claim = claims.readKeyValue();
      receipts.pipeInput(
          claim.value.getUploadId().toByteArray(), Upload.claimed(claim.key).toByteArray());
    }
  }

  private UploadStatus assertEnded(State state, String reason) {
    UploadStatus end = assertEnded(state);
    assertThat(end.getReason()).isEqualTo(reason);
    return end;
  }

  /** Makes sure that one final status was told. */
  private UploadStatus assertEnded(State state) {
    pass(GatherUploads.TICK);
    List<UploadStatus> ends =
        statuses.readValuesToList().stream()
            .filter(status -> UploadStates.isFinal(status.getState()))
            .toList();
    assertThat(ends).hasSize(1);
    assertThat(ends.get(0).getState()).isEqualTo(state);
    return ends.get(0);
  }

  private UploadStatus lastStatus() {
    pass(GatherUploads.TICK);
    List<UploadStatus> all = statuses.readValuesToList();
    return all.get(all.size() - 1);
  }

  private UploadHeader header(Upload upload) {
    KeyValueStore<UploadId, UploadHeader> headers = driver.getKeyValueStore(IndexTopology.UPLOADS);
    return headers.get(upload.id());
  }

  private long count(String name) {
    KeyValueStore<Bytes, byte[]> rows = driver.getKeyValueStore(name);
    long count = 0;
    try (KeyValueIterator<Bytes, byte[]> all = rows.all()) {
      for (; all.hasNext(); all.next()) {
        count++;
      }
    }
    return count;
  }

  private static byte[] listOf(List<ChunkRef> chunks) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (ChunkRef chunk : chunks) {
      BlobIndex.writeEntry(chunk, out);
    }
    return out.toByteArray();
  }

  private static String text(TestRecord<byte[], byte[]> record, String name) {
    return new String(record.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
  }
}
