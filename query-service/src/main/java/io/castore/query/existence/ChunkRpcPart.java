package io.castore.query.existence;

import com.linecorp.armeria.common.util.Exceptions;
import com.linecorp.armeria.server.ServerBuilder;
import com.linecorp.armeria.server.ServiceRequestContext;
import com.linecorp.armeria.server.grpc.GrpcService;
import io.castore.pipeline.known.KnownChunks;
import io.castore.pipeline.known.KnownChunks.Reach;
import io.castore.proto.query.ChunkServiceGrpc;
import io.castore.proto.query.FindMissingRequest;
import io.castore.proto.query.FindMissingResponse;
import io.castore.query.ServicePart;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves {@code castore.query.v1.ChunkService}. Not more than 16,384 digests: {@code
 * INVALID_ARGUMENT}; nobody who could be asked: {@code UNAVAILABLE}.
 *
 * <p>Safe for use by many threads.
 */
final class ChunkRpcPart extends ChunkServiceGrpc.ChunkServiceImplBase implements ServicePart {
  private static final Logger log = LoggerFactory.getLogger(ChunkRpcPart.class);

  /** A digest takes 34 bytes. */
  private static final int MOST_REQUEST_BYTES = 64 * KnownChunks.MOST_AT_ONCE;

  private final ChunkExistence existence;

  ChunkRpcPart(ChunkExistence existence) {
    this.existence = existence;
  }

  @Override
  public void addTo(ServerBuilder server) {
    server.service(
        GrpcService.builder().addService(this).maxRequestMessageLength(MOST_REQUEST_BYTES).build());
  }

  @Override
  public void findMissing(
      FindMissingRequest request, StreamObserver<FindMissingResponse> observer) {
    ServiceRequestContext context = ServiceRequestContext.current();
    boolean forwarded = context.request().headers().contains(Peers.FORWARDED);
    context.blockingTaskExecutor().execute(() -> answer(request, forwarded, observer));
  }

  private void answer(
      FindMissingRequest request, boolean forwarded, StreamObserver<FindMissingResponse> observer) {
    Question question;
    try {
      question = ProtoQuestions.read(request);
    } catch (UnusableQuestionException unusable) {
      observer.onError(
          Status.INVALID_ARGUMENT.withDescription(unusable.getMessage()).asException());
      return;
    }
    if (forwarded && !question.localOnly() && !existence.hasState()) {
      // Whoever asked looks for a chunker, and takes this process for one.
      observer.onError(Status.UNAVAILABLE.withDescription("no chunker answers here").asException());
      return;
    }
    Object unused =
        existence
            .findMissing(
                question.digests(),
                question.localOnly() ? Reach.THIS_PROCESS : Reach.EVERYWHERE,
                question.storeId())
            .handle(
                (missing, failure) -> {
                  if (failure == null) {
                    observer.onNext(ProtoQuestions.response(missing, existence.storeId()));
                    observer.onCompleted();
                  } else {
                    observer.onError(status(failure).asException());
                  }
                  return null;
                });
  }

  private static Status status(Throwable failure) {
    Throwable cause = Exceptions.peel(failure);
    if (cause instanceof NobodyAnswersException) {
      return Status.UNAVAILABLE.withDescription(cause.getMessage());
    }
    log.error("Cannot tell which chunks are known", cause);
    return Status.INTERNAL.withDescription("internal error");
  }
}
