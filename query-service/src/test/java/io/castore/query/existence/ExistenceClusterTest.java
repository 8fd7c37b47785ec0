package io.castore.query.existence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import com.linecorp.armeria.client.WebClient;
import com.linecorp.armeria.common.AggregatedHttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.TlsKeyPair;
import com.linecorp.armeria.server.Server;
import com.linecorp.armeria.server.ServerBuilder;
import io.castore.broker.BrokerOptions;
import io.castore.broker.EmbeddedBroker;
import io.castore.content.digest.Blake3;
import io.castore.content.digest.Digest;
import io.castore.content.objectstore.MemoryObjectStore;
import io.castore.ingest.ChunkersOverHttp;
import io.castore.pipeline.cluster.ServiceBeacon;
import io.castore.pipeline.cluster.TopicProvisioner;
import io.castore.pipeline.config.CastoreConfig;
import io.castore.pipeline.known.KnownChunks;
import io.castore.pipeline.known.KnownChunks.Reach;
import io.castore.pipeline.records.UploadId;
import io.castore.proto.pipeline.ChunkRecord;
import io.netty.handler.ssl.ClientAuth;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two chunkers that share the work, each with a server, on a broker in this process. */
@Tag("slow")
final class ExistenceClusterTest {
  private static final String STORE_ID = "the-store-of-this-test";
  private static final Digest UNKNOWN = Blake3.hash("never sent".getBytes(StandardCharsets.UTF_8));

  @TempDir private static Path brokerDir;
  private static EmbeddedBroker broker;

  @TempDir private Path stateDir;
  private final MemoryObjectStore store = new MemoryObjectStore();
  private final List<ChunkerNode> nodes = new ArrayList<>();
  private CastoreConfig config;
  private Map<String, Integer> partitions;

  @SuppressWarnings("NullAway.Init") // made before each test
  ExistenceClusterTest() {}

  @BeforeAll
  static void startBroker() throws Exception {
    broker = EmbeddedBroker.start(brokerDir, BrokerOptions.defaults());
  }

  @AfterAll
  static void stopBroker() {
    broker.close();
  }

  @BeforeEach
  void makeTopics() throws Exception {
    config =
        CastoreConfig.of(
            Map.of(
                "bootstrap.servers", broker.bootstrapServers(),
                "topics.prefix", "t" + UploadId.random() + ".",
                "topics.chunks.partitions", "4",
                "topics.uploads.partitions", "1",
                "chunker.threads", "1",
                "streams.commit.interval.ms", "100"));
    try (Admin admin = Admin.create(config.kafkaClient())) {
      partitions = new TopicProvisioner(admin, config, true).provision();
    }
  }

  @AfterEach
  void close() {
    nodes.forEach(ChunkerNode::close);
  }

  @Test
  void shouldAnswerForAllWhoeverIsAskedAndWithoutWhoIsGone() throws Exception {
    ChunkerNode first = start("first");
    ChunkerNode second = start("second");
    List<Digest> stored = sendChunks(40);
    List<Digest> question = new ArrayList<>(stored);
    question.add(UNKNOWN);
    awaitShared(first, second, stored);

    for (ChunkerNode node : nodes) {
      assertThat(missing(node.existence(), question)).containsExactly(UNKNOWN);
      Set<Digest> here = node.stored().find(stored).here();
      assertThat(get(node.existence().findMissing(question, Reach.THIS_PROCESS)))
          .hasSize(question.size() - here.size())
          .doesNotContainAnyElementsOf(here);
    }
    assertThat(missingOverHttp(second, stored.get(0), UNKNOWN, UNKNOWN))
        .containsOnlyOnce(UNKNOWN.toHex());
    assertThat(missingOverHttp(second, stored.get(0), UNKNOWN))
        .doesNotContain(stored.get(0).toHex());

    Set<Digest> ofSecond = second.stored().find(stored).here();
    second.stopServer();
    assertThat(missing(first.existence(), question))
        .containsExactlyElementsOf(
            question.stream()
                .filter(digest -> digest.equals(UNKNOWN) || ofSecond.contains(digest))
                .toList());

    second.close();
    nodes.remove(second);
    patiently()
        .untilAsserted(
            () -> assertThat(missing(first.existence(), question)).containsExactly(UNKNOWN));
  }

  @Test
  void shouldHaveAChunkerAnswerForProcessesThatAreNone() throws Exception {
    List<Digest> stored = sendChunks(10);
    try (ChunkExistence none = ChunkExistence.open(config, STORE_ID)) {
      assertThatThrownBy(() -> missing(none, stored))
          .hasRootCauseInstanceOf(NobodyAnswersException.class);

      ChunkerNode chunker = start("only");
      patiently().untilAsserted(() -> assertThat(missing(chunker.existence(), stored)).isEmpty());

      patiently()
          .ignoreExceptions()
          .untilAsserted(
              () ->
                  assertThat(missing(none, List.of(UNKNOWN, stored.get(3), UNKNOWN)))
                      .containsExactly(UNKNOWN));
      try (ChunkersOverHttp overHttp = ChunkersOverHttp.watch(config)) {
        assertThat(missing(overHttp, List.of(UNKNOWN, stored.get(3)))).containsExactly(UNKNOWN);
      }
    }
  }

  @Test
  void shouldKnowNothingOfAnotherStore() throws Exception {
    ChunkerNode chunker = start("only");
    List<Digest> stored = sendChunks(3);
    patiently().untilAsserted(() -> assertThat(missing(chunker.existence(), stored)).isEmpty());

    assertThat(get(chunker.existence().findMissing(stored, Reach.EVERYWHERE, "another")))
        .isEqualTo(stored);
    assertThat(get(chunker.existence().findMissing(stored, Reach.EVERYWHERE, STORE_ID))).isEmpty();
  }

  /** Were it to ask on, two that take each other for chunkers would ask each other for ever. */
  @Test
  void shouldNotAskOnBehalfOfAProcessThatTakesItForAChunker() throws Exception {
    ChunkerNode chunker = start("only");
    List<Digest> stored = sendChunks(3);
    patiently().untilAsserted(() -> assertThat(missing(chunker.existence(), stored)).isEmpty());
    try (ChunkExistence none = ChunkExistence.open(config, STORE_ID)) {
      patiently().ignoreExceptions().until(() -> missing(none, stored).isEmpty());
      ServerBuilder builder = Server.builder();
      none.addTo(builder);
      try (Server server = builder.http(0).build();
          Peers peers = new Peers(STORE_ID, config.client())) {
        server.start().join();
        URI endpoint = URI.create("http://127.0.0.1:" + server.activeLocalPort());
        KnownChunks misled = new ChunkersElsewhere(() -> List.of(endpoint), peers);
        assertThatThrownBy(() -> missing(misled, stored))
            .hasRootCauseInstanceOf(NobodyAnswersException.class);

        KnownChunks rightAfterAll =
            new ChunkersElsewhere(() -> List.of(endpoint, chunker.endpoint()), peers);
        assertThat(missing(rightAfterAll, stored)).isEmpty();
      }
    }
  }

  @Test
  void shouldShowItsTokenAndItsCertificate() throws Exception {
    Digest known = Blake3.hash(new byte[] {1});
    X509Bundle authority =
        new CertificateBuilder()
            .subject("CN=authority")
            .setIsCertificateAuthority(true)
            .buildSelfSigned();
    X509Bundle ours =
        new CertificateBuilder()
            .subject("CN=castore")
            .addSanDnsName("localhost")
            .buildIssuedBy(authority);
    String ca = write("ca.pem", authority.getCertificatePEM());
    CastoreConfig secured =
        config.with(
            Map.of(
                "client.token",
                "the-token",
                "client.tls.ca.file",
                ca,
                "client.tls.cert.file",
                write("cert.pem", ours.getCertificatePathPEM()),
                "client.tls.key.file",
                write("key.pem", ours.getPrivateKeyPEM())));
    try (ChunkExistence chunker = ChunkExistence.open(secured, STORE_ID)) {
      ServerBuilder builder =
          Server.builder()
              .https(0)
              .tls(TlsKeyPair.of(ours.getKeyPair().getPrivate(), ours.getCertificatePath()))
              .tlsCustomizer(tls -> tls.trustManager(new File(ca)).clientAuth(ClientAuth.REQUIRE))
              .decorator(
                  (delegate, context, request) -> {
                    assertThat(request.headers().get("authorization"))
                        .isEqualTo("Bearer the-token");
                    return delegate.serve(context, request);
                  });
      chunker.addTo(builder);
      try (Server server = builder.build()) {
        server.start().join();
        URI endpoint = URI.create("https://localhost:" + server.activeLocalPort());
        chunker.answerFrom(new FakeStoredChunks(STORE_ID, Set.of(known)), endpoint);
        try (ServiceBeacon beacon = ServiceBeacon.start(config, "chunker", Optional.of(endpoint))) {
          beacon.running();
          for (CastoreConfig client : List.of(secured, config)) {
            boolean admitted = client == secured;
            try (ChunkExistence overRpc = ChunkExistence.open(client, STORE_ID);
                ChunkersOverHttp overHttp = ChunkersOverHttp.watch(client)) {
              for (KnownChunks lookup : List.of(overRpc, overHttp)) {
                if (admitted) {
                  patiently()
                      .ignoreExceptions()
                      .untilAsserted(
                          () ->
                              assertThat(missing(lookup, List.of(known, UNKNOWN)))
                                  .containsExactly(UNKNOWN));
                } else {
                  assertThatThrownBy(() -> missing(lookup, List.of(known))).isNotNull();
                }
              }
            }
          }
        }
      }
    }
  }

  private String write(String name, String text) throws IOException {
    return Files.writeString(stateDir.resolve(name), text).toString();
  }

  private ChunkerNode start(String name) throws Exception {
    ChunkerNode node = new ChunkerNode(config, name, stateDir, partitions, store, STORE_ID);
    nodes.add(node);
    return node;
  }

  /** Waits until all chunks are stored and each of two has a part of the state. */
  private static void awaitShared(ChunkerNode one, ChunkerNode other, List<Digest> stored) {
    patiently()
        .untilAsserted(
            () -> {
              Set<Digest> ofOne = one.stored().find(stored).here();
              Set<Digest> ofOther = other.stored().find(stored).here();
              assertThat(ofOne).isNotEmpty();
              assertThat(ofOther).isNotEmpty();
              assertThat(Stream.concat(ofOne.stream(), ofOther.stream()))
                  .containsExactlyInAnyOrderElementsOf(stored);
              // Each has heard of the other, too.
              assertThat(missing(one.existence(), stored)).isEmpty();
              assertThat(missing(other.existence(), stored)).isEmpty();
            });
  }

  private static ConditionFactory patiently() {
    return await().atMost(Duration.ofMinutes(1));
  }

  private static List<Digest> missing(KnownChunks known, List<Digest> digests) throws Exception {
    return get(known.findMissing(digests, Reach.EVERYWHERE));
  }

  private static <T> T get(Future<T> future) throws Exception {
    return future.get(1, TimeUnit.MINUTES);
  }

  private static String missingOverHttp(ChunkerNode node, Digest... digests) {
    List<String> quoted = Stream.of(digests).map(digest -> "\"" + digest + "\"").toList();
    AggregatedHttpResponse response =
        WebClient.of(node.endpoint())
            .prepare()
            .post("/chunks/missing")
            .content(MediaType.JSON, "{\"digests\":" + quoted + "}")
            .execute()
            .aggregate()
            .join();
    assertThat(response.status()).isEqualTo(HttpStatus.OK);
    assertThat(response.contentUtf8()).contains("\"store_id\":\"" + STORE_ID + "\"");
    return response.contentUtf8();
  }

  private List<Digest> sendChunks(int count) throws Exception {
    List<Digest> digests = new ArrayList<>();
    ByteString upload = ByteString.copyFrom(UploadId.random().toBytes());
    try (KafkaProducer<Digest, ChunkRecord> producer =
        new KafkaProducer<>(
            config.kafkaClient(),
            config.topics().chunks().keys().serializer(),
            config.topics().chunks().values().serializer())) {
      List<Future<RecordMetadata>> sent = new ArrayList<>();
      for (int i : IntStream.range(0, count).toArray()) {
        byte[] raw = ("chunk " + i).getBytes(StandardCharsets.UTF_8);
        digests.add(Blake3.hash(raw));
        sent.add(
            producer.send(
                new ProducerRecord<>(
                    config.topics().chunks().name(),
                    digests.get(i),
                    ChunkRecord.newBuilder()
                        .setUploadId(upload)
                        .setSeq(i)
                        .setRawSize(raw.length)
                        .setRaw(ByteString.copyFrom(raw))
                        .build())));
      }
      for (Future<RecordMetadata> one : sent) {
        RecordMetadata unused = one.get();
      }
    }
    return digests;
  }
}
