package io.castore.query.http;

import com.linecorp.armeria.common.util.Exceptions;
import io.castore.content.blob.MissingChunkException;
import io.castore.content.digest.Digest;
import io.castore.content.layout.BucketLayout;
import io.castore.content.layout.BucketObject;
import io.castore.content.layout.CorruptObjectException;
import io.castore.content.layout.TooManyChunksException;
import io.castore.content.objectstore.StoreRefusedException;
import io.castore.content.reading.ReadTimeoutException;
import io.castore.query.http.ReadFailure.Kind;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Judges failures of reads: logs each, counts what is damaged, and gives what a client is told.
 *
 * <p>Safe for use by many threads.
 */
public final class ReadFailures {
  private static final Logger log = LoggerFactory.getLogger(ReadFailures.class);

  private final Counter corrupt;
  private final Counter missing;

  /** Counts in {@code castore.read.damaged}, by its tag {@code kind}: corrupt or missing. */
  public ReadFailures(MeterRegistry meters) {
    corrupt = damaged("corrupt", meters);
    missing = damaged("missing", meters);
  }

  private static Counter damaged(String kind, MeterRegistry meters) {
    return Counter.builder("castore.read.damaged")
        .description("Reads that met an object of the store that is damaged, or missed one")
        .tag("kind", kind)
        .register(meters);
  }

  /** Logs and counts a failure. To be called once for each. */
  public ReadFailure judge(Throwable thrown) {
    Throwable failure = Exceptions.peel(thrown);
    if (failure instanceof MissingChunkException gap) {
      missing.increment();
      log.error("{}", gap.getMessage());
      return damaged("chunk " + gap.chunk() + " is missing");
    }
    if (failure instanceof CorruptObjectException damage) {
      corrupt.increment();
      log.error("{}", damage.getMessage());
      return damaged(place(damage));
    }
    if (failure instanceof TooManyChunksException tooMany) {
      log.warn("{}", tooMany.getMessage());
      return new ReadFailure(
          Kind.TOO_MANY_CHUNKS, "the blob has more chunks than this service is set up to hold");
    }
    if (failure instanceof ReadTimeoutException busy) {
      log.debug("{}", busy.getMessage());
      return new ReadFailure(Kind.BUSY, "too many read at once");
    }
    if (failure instanceof StoreRefusedException refused) {
      log.error("{}", refused.getMessage());
      return new ReadFailure(Kind.UNEXPECTED, "the store refuses to be read");
    }
    if (failure instanceof IOException || failure instanceof RejectedExecutionException) {
      log.warn("the store cannot be read: {}", failure.toString());
      return new ReadFailure(Kind.UNAVAILABLE, "the store cannot be read now");
    }
    log.error("a read failed", failure);
    return new ReadFailure(Kind.UNEXPECTED, "the service failed");
  }

  private static ReadFailure damaged(String what) {
    return new ReadFailure(Kind.DAMAGED, "the stored data of this blob is damaged: " + what);
  }

  private static String place(CorruptObjectException damage) {
    Optional<BucketObject> object = BucketLayout.parse(damage.key());
    if (object.isPresent() && object.get() instanceof BucketObject.Chunk chunk) {
      Digest digest = chunk.digest();
      return "chunk " + digest + " is corrupt";
    }
    return "its list of chunks is corrupt";
  }
}
