package io.castore.query.grpc;

import com.google.protobuf.InvalidProtocolBufferException;
import com.linecorp.armeria.common.CancellationException;
import com.linecorp.armeria.common.ContentTooLargeException;
import com.linecorp.armeria.common.RequestContext;
import com.linecorp.armeria.common.TimeoutException;
import com.linecorp.armeria.common.grpc.GrpcExceptionHandlerFunction;
import com.linecorp.armeria.common.util.Exceptions;
import io.castore.content.digest.Digest;
import io.castore.query.http.ReadFailure;
import io.castore.query.http.ReadFailures;
import io.grpc.Metadata;
import io.grpc.Status;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells a client how its call failed, without what went on inside, and the log what that was.
 *
 * <p>Safe for use by many threads.
 */
final class CallFailures implements GrpcExceptionHandlerFunction {
  private static final Logger LOG = LoggerFactory.getLogger(CallFailures.class);

  private final ReadFailures reads;

  CallFailures(ReadFailures reads) {
    this.reads = reads;
  }

  /** Gives the status for what is not there. */
  static Status absent(Digest digest) {
    return Status.NOT_FOUND.withDescription("no blob or chunk " + digest);
  }

  /** Gives the status for a read that failed. To be called once for each. */
  Status ofRead(Throwable thrown) {
    if (Exceptions.peel(thrown) instanceof java.util.concurrent.TimeoutException) {
      LOG.warn("a read took longer than server.request.timeout.ms");
      return Status.UNAVAILABLE.withDescription("the store did not answer in time");
    }
    ReadFailure failure = reads.judge(thrown);
    Status status =
        switch (failure.kind()) {
          case DAMAGED -> Status.DATA_LOSS;
          case TOO_MANY_CHUNKS -> Status.RESOURCE_EXHAUSTED;
          case BUSY, UNAVAILABLE -> Status.UNAVAILABLE;
          case UNEXPECTED -> Status.INTERNAL;
        };
    return status.withDescription(failure.detail());
  }

  /** Gives the status for what failed outside of the calls: mostly, what the client sent. */
  @Override
  public @Nullable Status apply(
      RequestContext ctx, Status status, Throwable cause, Metadata metadata) {
    // The latter two come of frames whose length is wrong, or that are not compressed as they say.
    Throwable root = rootOf(cause);
    if (root instanceof InvalidProtocolBufferException
        || root instanceof IndexOutOfBoundsException
        || root instanceof ZipException) {
      LOG.debug("a message cannot be read", cause);
      return Status.INVALID_ARGUMENT.withDescription("not a message of this call");
    }
    if (cause instanceof ContentTooLargeException
        || cause instanceof CancellationException
        || cause instanceof TimeoutException
        || Exceptions.isStreamCancelling(cause)
        || Exceptions.isExpected(cause)
        || status.getCode() != Status.Code.UNKNOWN) {
      return null;
    }
    LOG.error("a call failed", cause);
    return Status.INTERNAL.withDescription("an error of the service");
  }

  private static Throwable rootOf(Throwable failure) {
    Throwable cause = failure.getCause();
    return cause == null || cause == failure ? failure : rootOf(cause);
  }
}
