package io.castore.feeds.s3;

import io.castore.content.digest.Digest;
import io.castore.content.objectstore.BucketObject;
import io.castore.content.objectstore.ObjectRefusedException;
import io.castore.content.objectstore.S3Buckets;
import io.castore.content.objectstore.StoreRefusedException;
import io.castore.feeds.SourceFault;
import io.castore.ingest.Source;
import io.castore.ingest.SourceChangedException;
import io.castore.proto.pipeline.SourceVersion;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An object of an S3 service, as it is when it is opened. It counts as changed where there are more
 * or fewer bytes than the service said, or the object has another ETag after reading than before.
 *
 * <p>Used by one thread at a time, but for {@link #fault} and {@link #version}, which any thread
 * may call.
 */
public final class S3ObjectSource implements Source {
  private final S3Buckets service;
  private final S3Location location;
  private final String sequencer;
  private volatile @Nullable BucketObject opened;
  private volatile @Nullable SourceFault fault;

  /**
   * Names an object, which need not be there.
   *
   * @param service belongs to the caller, who closes it when the source is of no use any more
   * @param sequencer what an event said of the order of the object's versions; may be empty
   */
  public S3ObjectSource(S3Buckets service, S3Location location, String sequencer) {
    this.service = service;
    this.location = location;
    this.sequencer = sequencer;
  }

  @Override
  public String name() {
    return location.uri();
  }

  @Override
  public InputStream open() throws IOException {
    Optional<S3Buckets.OpenObject> object =
        ask(() -> service.open(location.bucket(), location.key()));
    if (object.isEmpty()) {
      fault = SourceFault.VANISHED;
      throw new IOException("there is no such object any more");
    }
    opened = object.get().object();
    return object.get().content();
  }

  @Override
  public void checkContent(Digest digest, long bytesRead) throws IOException {
    BucketObject before = Objects.requireNonNull(opened, "not opened");
    if (bytesRead != before.size()) {
      throw new SourceChangedException(
          "it has %d bytes, and %d were read".formatted(before.size(), bytesRead));
    }
    Optional<BucketObject> after = ask(() -> service.stat(location.bucket(), location.key()));
    if (after.isEmpty()) {
      fault = SourceFault.VANISHED;
      throw new IOException("it vanished while it was read");
    }
    if (!after.get().etag().equals(before.etag())) {
      throw new SourceChangedException("it was written anew while it was read");
    }
  }

  @Override
  public boolean canReadAgain() {
    return true;
  }

  @Override
  public Optional<SourceVersion> version() {
    BucketObject object = opened;
    return object == null ? Optional.empty() : Optional.of(S3Versions.of(object, sequencer));
  }

  /** Tells why it could not be read, if it could not. */
  public SourceFault fault() {
    SourceFault known = fault;
    return known == null ? SourceFault.TEMPORARY : known;
  }

  private interface Request<T> {
    Optional<T> send() throws IOException;
  }

  private <T> Optional<T> ask(Request<T> request) throws IOException {
    fault = null;
    try {
      return request.send();
    } catch (ObjectRefusedException denied) {
      fault = SourceFault.DENIED;
      throw denied;
    } catch (StoreRefusedException refused) {
      fault = SourceFault.REFUSED;
      throw refused;
    }
  }
}
