package io.castore.query.grpc;

import io.castore.proto.castore.BlobChunk;
import io.castore.proto.castore.BlobServiceGrpc;
import io.castore.proto.castore.PutBlobResponse;
import io.castore.proto.castore.ReadBlobRequest;
import io.castore.proto.castore.StatBlobRequest;
import io.castore.proto.castore.StatBlobResponse;
import io.grpc.MethodDescriptor;

/** The names that the service has. */
enum ServiceName {
  SNIX,
  TVIX;

  MethodDescriptor<StatBlobRequest, StatBlobResponse> stat() {
    return this == SNIX
        ? BlobServiceGrpc.getStatMethod()
        : io.castore.proto.castore.tvix.BlobServiceGrpc.getStatMethod();
  }

  MethodDescriptor<ReadBlobRequest, BlobChunk> read() {
    return this == SNIX
        ? BlobServiceGrpc.getReadMethod()
        : io.castore.proto.castore.tvix.BlobServiceGrpc.getReadMethod();
  }

  MethodDescriptor<BlobChunk, PutBlobResponse> put() {
    return this == SNIX
        ? BlobServiceGrpc.getPutMethod()
        : io.castore.proto.castore.tvix.BlobServiceGrpc.getPutMethod();
  }
}
