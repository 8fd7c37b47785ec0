package io.castore.query.grpc;

import io.castore.proto.castore.BlobChunk;
import io.castore.proto.castore.PutBlobResponse;
import io.castore.proto.castore.ReadBlobRequest;
import io.castore.proto.castore.StatBlobRequest;
import io.castore.proto.castore.StatBlobResponse;
import io.castore.proto.castore.tvix.BlobServiceGrpc;
import io.grpc.stub.StreamObserver;

/** The service as tvix's clients name it. */
final class TvixBlobService extends BlobServiceGrpc.BlobServiceImplBase {
  private final BlobCalls calls;

  TvixBlobService(BlobCalls calls) {
    this.calls = calls;
  }

  @Override
  public void stat(StatBlobRequest request, StreamObserver<StatBlobResponse> client) {
    calls.stat(request, client);
  }

  @Override
  public void read(ReadBlobRequest request, StreamObserver<BlobChunk> client) {
    calls.read(request, client);
  }

  @Override
  public StreamObserver<BlobChunk> put(StreamObserver<PutBlobResponse> client) {
    return calls.put(client);
  }
}
