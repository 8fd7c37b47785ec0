package io.castore.query.existence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.castore.broker.BrokerOptions;
import io.castore.broker.EmbeddedBroker;
import io.castore.content.blob.BlobReader;
import io.castore.content.digest.Blake3;
import io.castore.content.digest.Digest;
import io.castore.content.objectstore.MemoryObjectStore;
import io.castore.index.IndexService;
import io.castore.ingest.ChunkersOverHttp;
import io.castore.ingest.FileSource;
import io.castore.ingest.IngestOutcome;
import io.castore.ingest.Ingester;
import io.castore.pipeline.cluster.TopicProvisioner;
import io.castore.pipeline.cluster.TopicTail;
import io.castore.pipeline.config.CastoreConfig;
import io.castore.pipeline.known.KnownChunks;
import io.castore.pipeline.outage.StoreBreaker;
import io.castore.pipeline.records.UploadId;
import io.castore.pipeline.streams.StreamsRunner;
import io.castore.proto.pipeline.ChunkRecord;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole pipeline, and ingesters that ask it what it has. */
final class IngestWithLookupTest {
  private static final String STORE_ID = "the-store-of-this-test";
  private static final int SIZE = 1_000_000;

  /** A shorter chunk, such as the last one may be, is sent without asking. */
  private static final int SHORTEST_ASKED_FOR = 64 << 10;

  @TempDir private Path dir;
  private final MemoryObjectStore store = new MemoryObjectStore();
  private EmbeddedBroker broker;
  private CastoreConfig config;
  private StoreBreaker breaker;
  private StreamsRunner indexer;
  private ChunkerNode chunker;

  @SuppressWarnings("NullAway.Init") // made before each test
  IngestWithLookupTest() {}

  @BeforeEach
  void startPipeline() throws Exception {
    broker = EmbeddedBroker.start(dir.resolve("broker"), BrokerOptions.defaults());
    config =
        CastoreConfig.of(
            Map.of(
                "bootstrap.servers", broker.bootstrapServers(),
                "topics.chunks.partitions", "2",
                "topics.uploads.partitions", "1",
                "chunk.avg.bytes", "131072",
                "chunker.threads", "1",
                "index.threads", "1",
                "ingest.known.digests", "0",
                "state.dir", dir.resolve("state").toString(),
                "streams.commit.interval.ms", "100"));
    breaker = StoreBreaker.start(() -> {}, Duration.ofMinutes(5));
    try (Admin admin = Admin.create(config.kafkaClient())) {
      Map<String, Integer> partitions = new TopicProvisioner(admin, config, true).provision();
      chunker = new ChunkerNode(config, "chunker", dir, partitions, store, STORE_ID);
      indexer = IndexService.start(config, store, STORE_ID, admin, breaker);
    }
  }

  @AfterEach
  void stopPipeline() {
    indexer.close();
    chunker.close();
    breaker.close();
    broker.close();
  }

  @Test
  void shouldReferToWhatIsStoredFromTheFirstUploadOn() throws Exception {
    byte[] content = content(1);
    Path file = Files.write(dir.resolve("file"), content);
    UploadId first;
    try (Ingester ingester = Ingester.open(config, chunker.existence())) {
      first = ingest(ingester, file).uploadId();
    }
    assertThat(payload(first)).isGreaterThanOrEqualTo(SIZE);

    // Where an answer is late the bytes are sent, so more than one try may be needed.
    try (Ingester inProcess = Ingester.open(config, chunker.existence())) {
      awaitReferencesAlone(inProcess, file);
    }
    try (ChunkersOverHttp lookup = ChunkersOverHttp.watch(config);
        Ingester elsewhere = Ingester.open(config, lookup)) {
      awaitReferencesAlone(elsewhere, file);
    }
    assertThat(read(Blake3.hash(content))).isEqualTo(content);
  }

  @Test
  void shouldLoseNothingWhereTheLookupIsWrong() throws Exception {
    byte[] content = content(2);
    Path file = Files.write(dir.resolve("file"), content);
    KnownChunks liar = (digests, reach) -> CompletableFuture.completedFuture(List.of());

    try (Ingester ingester = Ingester.open(config, liar)) {
      IngestOutcome.Complete blob = ingest(ingester, file);
      assertThat(blob.digest()).isEqualTo(Blake3.hash(content));
      assertThat(blob.newBytes()).isEqualTo(SIZE);
      assertThat(payload(blob.uploadId())).isGreaterThanOrEqualTo(SIZE);
    }
    assertThat(read(Blake3.hash(content))).isEqualTo(content);
  }

  private void awaitReferencesAlone(Ingester ingester, Path file) {
    await()
        .atMost(Duration.ofMinutes(1))
        .until(() -> payload(ingest(ingester, file).uploadId()) < SHORTEST_ASKED_FOR);
  }

  private static IngestOutcome.Complete ingest(Ingester ingester, Path file) throws Exception {
    IngestOutcome outcome = ingester.submit(new FileSource(file)).get(2, TimeUnit.MINUTES);
    assertThat(outcome).isInstanceOf(IngestOutcome.Complete.class);
    return (IngestOutcome.Complete) outcome;
  }

  /** Gives how many bytes of chunks an upload sent. */
  private long payload(UploadId upload) {
    Map<UploadId, Long> bytes = new HashMap<>();
    try (TopicTail<Digest, ChunkRecord> tail = new TopicTail<>(config, config.topics().chunks())) {
      tail.<RuntimeException>readToEnd(
          (digest, chunk) ->
              bytes.merge(
                  UploadId.of(chunk.getUploadId().toByteArray()),
                  (long) chunk.getZstdFrame().size(),
                  Long::sum));
    }
    return bytes.getOrDefault(upload, -1L);
  }

  private byte[] read(Digest digest) throws Exception {
    BlobReader reader = new BlobReader(store);
    try (InputStream in = reader.open(reader.find(digest).orElseThrow())) {
      return in.readAllBytes();
    }
  }

  private static byte[] content(long seed) {
    byte[] content = new byte[SIZE];
    new Random(seed).nextBytes(content);
    return content;
  }
}
