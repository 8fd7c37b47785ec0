package io.castore.query.grpc;

import com.google.protobuf.ByteString;
import io.castore.content.digest.Digest;
import io.castore.proto.castore.BlobChunk;
import io.castore.proto.castore.PutBlobResponse;
import io.castore.proto.castore.ReadBlobRequest;
import io.castore.proto.castore.StatBlobRequest;
import io.castore.proto.castore.StatBlobResponse;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/** A client made from the plain proto, with grpc-java's own transport. */
final class GrpcClient implements AutoCloseable {
  private final ManagedChannel channel;
  private final ServiceName name;

  GrpcClient(int port, ServiceName name) {
    this.name = name;
    channel = NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build();
  }

  /** Gives a call a minute from now on. */
  static CallOptions options() {
    return CallOptions.DEFAULT.withDeadlineAfter(60, TimeUnit.SECONDS);
  }

  ManagedChannel channel() {
    return channel;
  }

  StatBlobResponse stat(ByteString digest, boolean sendChunks) {
    return ClientCalls.blockingUnaryCall(
        channel,
        name.stat(),
        options(),
        StatBlobRequest.newBuilder()
            .setDigest(digest)
            .setSendChunks(sendChunks)
            .setSendBao(true)
            .build());
  }

  /** Reads as far as there is anything, and then fails as the call does. */
  void read(ByteString digest, ByteArrayOutputStream into) {
    ClientCalls.blockingServerStreamingCall(
            channel, name.read(), options(), ReadBlobRequest.newBuilder().setDigest(digest).build())
        .forEachRemaining(message -> into.writeBytes(message.getData().toByteArray()));
  }

  byte[] read(ByteString digest) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    read(digest, all);
    return all.toByteArray();
  }

  /** Sends content in messages of some bytes each, and waits for the answer. */
  Digest put(byte[] content, int messageBytes) throws Exception {
    CompletableFuture<PutBlobResponse> answer = new CompletableFuture<>();
    StreamObserver<BlobChunk> body = put(answer, options());
    for (int at = 0; at < content.length; at += messageBytes) {
      body.onNext(
          chunk(Arrays.copyOfRange(content, at, Math.min(content.length, at + messageBytes))));
    }
    body.onCompleted();
    try {
      return Digest.of(answer.get().getDigest().toByteArray());
    } catch (ExecutionException failed) {
      throw failed.getCause() instanceof Exception cause ? cause : failed;
    }
  }

  StreamObserver<BlobChunk> put(CompletableFuture<PutBlobResponse> answer, CallOptions options) {
    return ClientCalls.asyncClientStreamingCall(
        channel.newCall(name.put(), options),
        new StreamObserver<>() {
          @Override
          public void onNext(PutBlobResponse response) {
            answer.complete(response);
          }

          @Override
          public void onError(Throwable failure) {
            answer.completeExceptionally(failure);
          }

          @Override
          public void onCompleted() {}
        });
  }

  static BlobChunk chunk(byte[] data) {
    return BlobChunk.newBuilder().setData(ByteString.copyFrom(data)).build();
  }

  static ByteString bytes(Digest digest) {
    return ByteString.copyFrom(digest.toBytes());
  }

  @Override
  public void close() {
    channel.shutdownNow();
  }
}
