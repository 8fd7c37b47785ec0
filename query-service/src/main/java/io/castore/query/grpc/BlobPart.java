package io.castore.query.grpc;

import com.linecorp.armeria.common.grpc.GrpcSerializationFormats;
import com.linecorp.armeria.server.Route;
import com.linecorp.armeria.server.ServerBuilder;
import com.linecorp.armeria.server.ServerListener;
import com.linecorp.armeria.server.ServiceBindingBuilder;
import com.linecorp.armeria.server.grpc.GrpcService;
import io.castore.content.reading.CachedBlobs;
import io.castore.pipeline.config.ServerLimits;
import io.castore.proto.castore.BlobServiceGrpc;
import io.castore.query.ServicePart;
import io.castore.query.http.BlobIntake;
import io.castore.query.http.ReadFailures;
import java.util.List;
import java.util.Optional;

/** Castore's {@code BlobService} over gRPC, under both of its names. */
public final class BlobPart implements ServicePart {
  /** The names, with their packages. */
  public static final List<String> SERVICES =
      List.of(
          BlobServiceGrpc.SERVICE_NAME, io.castore.proto.castore.tvix.BlobServiceGrpc.SERVICE_NAME);

  /** Of a message, in bytes, in either direction. */
  static final int LONGEST_MESSAGE = 4 << 20;

  private final CachedBlobs blobs;
  private final Optional<BlobIntake> uploads;
  private final ServerLimits limits;
  private final CallFailures failures;

  /**
   * Serves blobs.
   *
   * @param blobs what is read; stays the caller's to close
   * @param uploads where what is put goes; empty where this process takes nothing: {@code
   *     UNIMPLEMENTED}
   * @param failures counts and logs what cannot be read
   */
  public BlobPart(
      CachedBlobs blobs, Optional<BlobIntake> uploads, ServerLimits limits, ReadFailures failures) {
    this.blobs = blobs;
    this.uploads = uploads;
    this.limits = limits;
    this.failures = new CallFailures(failures);
  }

  @Override
  public void addTo(ServerBuilder server) {
    PutCalls puts = new PutCalls(uploads);
    BlobCalls calls = new BlobCalls(blobs, puts, limits, failures);
    GrpcService service =
        GrpcService.builder()
            .addService(new SnixBlobService(calls))
            .addService(new TvixBlobService(calls))
            .supportedSerializationFormats(GrpcSerializationFormats.PROTO)
            .maxRequestMessageLength(LONGEST_MESSAGE)
            .maxResponseMessageLength(LONGEST_MESSAGE)
            .exceptionHandler(failures)
            .build();
    for (Route route : service.routes()) {
      String path = route.patternString();
      ServiceBindingBuilder binding = server.route().path("exact:" + path);
      if (path.endsWith("/Put")) {
        // Of any length, as long as it goes on.
        binding.maxRequestLength(0);
      }
      binding.build(service);
    }
    server.serverListener(
        ServerListener.builder().whenStopping(stopping -> puts.abortAll()).build());
  }
}
