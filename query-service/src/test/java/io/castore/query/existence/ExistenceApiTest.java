package io.castore.query.existence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.google.protobuf.ByteString;
import com.linecorp.armeria.client.WebClient;
import com.linecorp.armeria.client.grpc.GrpcClients;
import com.linecorp.armeria.common.AggregatedHttpResponse;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.common.RequestHeadersBuilder;
import com.linecorp.armeria.common.stream.StreamMessage;
import com.linecorp.armeria.server.Server;
import com.linecorp.armeria.server.ServerBuilder;
import io.castore.content.digest.Blake3;
import io.castore.content.digest.Digest;
import io.castore.pipeline.config.CastoreConfig;
import io.castore.pipeline.known.KnownChunks;
import io.castore.proto.query.ChunkServiceGrpc.ChunkServiceBlockingStub;
import io.castore.proto.query.FindMissingRequest;
import io.castore.proto.query.FindMissingResponse;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What callers are answered, whatever they ask. */
final class ExistenceApiTest {
  private static final String STORE_ID = "the-store";
  private static final Digest KNOWN = Blake3.hash(new byte[] {1});
  private static final Digest OTHER = Blake3.hash(new byte[] {2});
  private static final String JSON = "application/json";
  private static final String PROTO = "application/protobuf";
  private static final ByteString KNOWN_BYTES = ByteString.copyFrom(KNOWN.toBytes());
  private static final ByteString OTHER_BYTES = ByteString.copyFrom(OTHER.toBytes());

  private static ChunkExistence existence;
  private static Server server;
  private static URI endpoint;

  @BeforeAll
  static void start() throws Exception {
    // It answers from its own state, and so without Kafka.
    existence =
        ChunkExistence.open(CastoreConfig.of(Map.of("bootstrap.servers", "127.0.0.1:1")), STORE_ID);
    ServerBuilder builder = Server.builder().http(0);
    existence.addTo(builder);
    server = builder.build();
    server.start().join();
    endpoint = URI.create("http://127.0.0.1:" + server.activeLocalPort());
    existence.answerFrom(new FakeStoredChunks(STORE_ID, Set.of(KNOWN)), endpoint);
  }

  @AfterAll
  static void stop() {
    server.stop().join();
    existence.close();
  }

  static Stream<Arguments> questions() {
    String none = "{\"missing\":[],\"store_id\":\"the-store\"}";
    String other = "{\"missing\":[\"%s\"],\"store_id\":\"the-store\"}".formatted(OTHER);
    String both =
        "{\"missing\":[\"%s\",\"%s\"],\"store_id\":\"the-store\"}".formatted(KNOWN, OTHER);
    String question = "{\"digests\":[\"%s\",\"%s\",\"%s\"]".formatted(KNOWN, OTHER, OTHER);
    return Stream.of(
        arguments(JSON, "{\"digests\":[]}", none),
        arguments(JSON, "{\"digests\":[\"" + KNOWN + "\"]}", none),
        arguments(JSON, question + "}", other),
        arguments(null, question + "}", other),
        arguments(JSON + "; charset=utf-8", " " + question + " }\n", other),
        arguments(JSON, question + ",\"more\":{\"a\":[{}]},\"b\":null}", other),
        arguments(JSON, question + ",\"store_id\":\"\"}", other),
        arguments(JSON, question + ",\"store_id\":\"the-store\"}", other),
        arguments(JSON, question + ",\"store_id\":\"another\"}", both),
        arguments(JSON, "{\"digests\":" + repeated(KnownChunks.MOST_AT_ONCE) + "}", none));
  }

  @ParameterizedTest
  @MethodSource("questions")
  void shouldTellWhatIsMissing(@Nullable String type, String body, String answer) {
    AggregatedHttpResponse response = post(type, body.getBytes(StandardCharsets.UTF_8));

    assertThat(response.status().code()).isEqualTo(200);
    assertThat(response.contentType()).isEqualTo(MediaType.JSON);
    assertThat(response.contentUtf8()).isEqualTo(answer);
  }

  static Stream<Arguments> unusable() {
    String noDigest = "digests[0] is no digest (expected: 64 hex characters, ";
    return Stream.of(
        arguments(JSON, "", 400, "the body is no object"),
        arguments(JSON, "no JSON", 400, "the body is no JSON"),
        arguments(JSON, "[]", 400, "the body is no object"),
        arguments(JSON, "{}", 400, "digests is missing"),
        arguments(JSON, "{\"digests\":[]", 400, "the body is no JSON"),
        arguments(JSON, "{\"digests\":[\"" + KNOWN, 400, "the body is no JSON"),
        arguments(JSON, "{\"digests\":[]}{}", 400, "something follows the object"),
        arguments(JSON, "{\"digests\":[],\"digests\":[]}", 400, "the body is no JSON"),
        arguments(JSON, "{\"digests\":\"" + KNOWN + "\"}", 400, "digests is no list"),
        arguments(JSON, "{\"digests\":[1]}", 400, "digests holds what is no text"),
        arguments(JSON, "{\"digests\":[null]}", 400, "digests holds what is no text"),
        arguments(JSON, "{\"digests\":[[]]}", 400, "digests holds what is no text"),
        arguments(JSON, "{\"digests\":[\"\"]}", 400, noDigest),
        arguments(JSON, "{\"digests\":[\"abc\"]}", 400, noDigest),
        arguments(JSON, "{\"digests\":[\"" + "z".repeat(64) + "\"]}", 400, noDigest),
        arguments(JSON, "{\"digests\":[\"" + "a".repeat(100_000) + "\"]}", 400, noDigest),
        arguments(JSON, "{\"digests\":[],\"store_id\":1}", 400, "store_id is no text"),
        arguments(JSON, "{\"digests\":[],\"x\":" + "[".repeat(100_000), 400, "the body is no JSON"),
        arguments(
            JSON,
            "{\"digests\":" + repeated(KnownChunks.MOST_AT_ONCE + 1) + "}",
            400,
            "too many digests (expected: at most 16384)"),
        arguments("text/plain", "{\"digests\":[]}", 415, "content type: text/plain"),
        arguments(PROTO, "no message", 400, "the body is no FindMissingRequest"),
        arguments(PROTO, "\n\003abc", 400, "invalid digest length"));
  }

  @ParameterizedTest
  @MethodSource("unusable")
  void shouldSayWhatIsWrongWithAQuestion(String type, String body, int status, String detail) {
    AggregatedHttpResponse response = post(type, body.getBytes(StandardCharsets.UTF_8));

    assertThat(response.status().code()).isEqualTo(status);
    assertThat(response.headers().get("content-type")).isEqualTo("application/problem+json");
    assertThat(response.contentUtf8()).contains("\"detail\":\"" + detail).hasSizeLessThan(400);
  }

  @Test
  void shouldTakeNoLongerBodyThanAnyQuestionHas() {
    HttpData spaces = HttpData.wrap(" ".repeat(1 << 20).getBytes(StandardCharsets.UTF_8));
    RequestHeaders unsized =
        RequestHeaders.of(HttpMethod.POST, "/chunks/missing", "content-type", JSON);
    AggregatedHttpResponse response =
        WebClient.of(endpoint)
            .execute(HttpRequest.of(unsized, StreamMessage.of(spaces, spaces, spaces)))
            .aggregate()
            .join();

    assertThat(response.status().code()).isEqualTo(413);
    assertThat(post(JSON, new byte[3 << 20]).status().code()).isEqualTo(413);
  }

  @Test
  void shouldAnswerMessagesWithMessages() throws Exception {
    AggregatedHttpResponse response =
        post(
            PROTO,
            FindMissingRequest.newBuilder()
                .addDigests(OTHER_BYTES)
                .addDigests(KNOWN_BYTES)
                .build()
                .toByteArray());

    assertThat(response.headers().get("content-type")).isEqualTo(PROTO);
    assertThat(FindMissingResponse.parseFrom(response.content().array()))
        .isEqualTo(
            FindMissingResponse.newBuilder().addMissing(OTHER_BYTES).setStoreId(STORE_ID).build());
  }

  @Test
  void shouldAnswerOverRpc() {
    FindMissingRequest question =
        FindMissingRequest.newBuilder()
            .addDigests(OTHER_BYTES)
            .addDigests(KNOWN_BYTES)
            .addDigests(OTHER_BYTES)
            .build();
    FindMissingResponse answer =
        FindMissingResponse.newBuilder().addMissing(OTHER_BYTES).setStoreId(STORE_ID).build();

    assertThat(rpc().findMissing(question)).isEqualTo(answer);
    assertThat(rpc().findMissing(question.toBuilder().setLocalOnly(true).build()))
        .isEqualTo(answer);
    assertThat(rpc().findMissing(question.toBuilder().setStoreId(STORE_ID).build()))
        .isEqualTo(answer);
    assertThat(rpc().findMissing(question.toBuilder().setStoreId("another").build()))
        .isEqualTo(answer.toBuilder().addMissing(KNOWN_BYTES).build());
  }

  static Stream<FindMissingRequest> unusableMessages() {
    return Stream.of(
        FindMissingRequest.newBuilder().addDigests(ByteString.EMPTY).build(),
        FindMissingRequest.newBuilder().addDigests(KNOWN_BYTES.substring(1)).build(),
        FindMissingRequest.newBuilder()
            .addDigests(KNOWN_BYTES)
            .addDigests(KNOWN_BYTES.concat(KNOWN_BYTES))
            .build(),
        FindMissingRequest.newBuilder()
            .addAllDigests(Collections.nCopies(KnownChunks.MOST_AT_ONCE + 1, KNOWN_BYTES))
            .build());
  }

  @ParameterizedTest
  @MethodSource("unusableMessages")
  void shouldRefuseUnusableMessages(FindMissingRequest question) {
    assertThatExceptionOfType(StatusRuntimeException.class)
        .isThrownBy(() -> rpc().findMissing(question))
        .extracting(refused -> refused.getStatus().getCode())
        .isEqualTo(Status.Code.INVALID_ARGUMENT);
  }

  private static ChunkServiceBlockingStub rpc() {
    return GrpcClients.newClient("gproto+" + endpoint, ChunkServiceBlockingStub.class);
  }

  private static String repeated(int times) {
    return Collections.nCopies(times, "\"" + KNOWN + "\"").toString();
  }

  private static AggregatedHttpResponse post(@Nullable String type, byte[] body) {
    RequestHeadersBuilder headers = RequestHeaders.builder(HttpMethod.POST, "/chunks/missing");
    if (type != null) {
      headers.set("content-type", type);
    }
    return WebClient.of(endpoint)
        .execute(HttpRequest.of(headers.build(), HttpData.wrap(body)))
        .aggregate()
        .join();
  }
}
