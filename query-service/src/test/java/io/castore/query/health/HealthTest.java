package io.castore.query.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.castore.query.BlobServer;
import io.castore.query.TestSettings;
import io.grpc.ManagedChannel;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.reflection.v1.ServiceResponse;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HealthTest {
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private static volatile Optional<String> kafka = Optional.empty();
  private static BlobServer server;
  private static ManagedChannel channel;

  @BeforeAll
  static void start() throws Exception {
    server =
        BlobServer.start(
            TestSettings.open(TestSettings.LIMITS),
            new ReadinessCheck() {
              @Override
              public String name() {
                return "kafka";
              }

              @Override
              public Optional<String> problem() {
                return kafka;
              }
            });
    channel = NettyChannelBuilder.forAddress("127.0.0.1", server.port()).usePlaintext().build();
  }

  @AfterAll
  static void stop() {
    channel.shutdownNow();
    server.close();
  }

  @Test
  void shouldFollowItsChecks() throws Exception {
    await().until(() -> get("/health/ready").statusCode() == 200);
    assertThat(get("/health/ready").body()).isEqualTo("{\"status\":\"ok\"}");
    assertThat(grpcStatus()).containsOnly(ServingStatus.SERVING);

    kafka = Optional.of("no broker answers");

    await().until(() -> get("/health/ready").statusCode() == 503);
    assertThat(get("/health/ready").body())
        .isEqualTo("{\"status\":\"failing\",\"checks\":{\"kafka\":\"no broker answers\"}}");
    assertThat(grpcStatus()).containsOnly(ServingStatus.NOT_SERVING);
    assertThat(get("/health/live").statusCode()).isEqualTo(200);

    kafka = Optional.empty();

    await().until(() -> get("/health/ready").statusCode() == 200);
    assertThat(grpcStatus()).containsOnly(ServingStatus.SERVING);
  }

  private static List<ServingStatus> grpcStatus() {
    HealthGrpc.HealthBlockingStub health = HealthGrpc.newBlockingStub(channel);
    return java.util.stream.Stream.of(
            "", "snix.castore.v1.BlobService", "tvix.castore.v1.BlobService")
        .map(name -> HealthCheckRequest.newBuilder().setService(name).build())
        .map(request -> health.check(request).getStatus())
        .toList();
  }

  @Test
  void shouldTellItsFigures() throws Exception {
    get("/blobs/af1349b9f5f9a1a6a0404dea36dcc9499bcb25c9adc112b7cc9a93cae41f3262");

    await()
        .untilAsserted(
            () -> {
              HttpResponse<String> figures = get("/metrics");
              assertThat(figures.headers().firstValue("content-type").orElseThrow())
                  .startsWith("text/plain");
              assertThat(figures.body())
                  .contains("jvm_memory_used_bytes", "castore_server_requests_total{");
            });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"grpc.reflection.v1.ServerReflection", "grpc.reflection.v1alpha.ServerReflection"})
  void shouldDescribeItsServices(String version) throws Exception {
    CompletableFuture<ServerReflectionResponse> answer = new CompletableFuture<>();
    StreamObserver<ServerReflectionRequest> questions =
        ClientCalls.asyncBidiStreamingCall(
            channel.newCall(
                io.grpc.reflection.v1.ServerReflectionGrpc.getServerReflectionInfoMethod()
                    .toBuilder()
                    .setFullMethodName(version + "/ServerReflectionInfo")
                    .build(),
                io.grpc.CallOptions.DEFAULT),
            new StreamObserver<>() {
              @Override
              public void onNext(ServerReflectionResponse response) {
                answer.complete(response);
              }

              @Override
              public void onError(Throwable failure) {
                answer.completeExceptionally(failure);
              }

              @Override
              public void onCompleted() {}
            });
    questions.onNext(ServerReflectionRequest.newBuilder().setListServices("").build());

    assertThat(
            answer.get(30, TimeUnit.SECONDS).getListServicesResponse().getServiceList().stream()
                .map(ServiceResponse::getName))
        .contains(
            "snix.castore.v1.BlobService", "tvix.castore.v1.BlobService", "grpc.health.v1.Health");
    questions.onCompleted();
  }

  private static HttpResponse<String> get(String path) throws Exception {
    return HTTP.send(HttpRequest.newBuilder(server.at(path)).build(), BodyHandlers.ofString());
  }
}
