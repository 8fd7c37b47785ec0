package io.castore.feeds.s3;

import io.castore.content.objectstore.BucketObject;
import io.castore.proto.pipeline.SourceVersion;
import java.time.Instant;
import java.util.concurrent.TimeUnit;

/** Makes versions of objects. */
public final class S3Versions {
  private S3Versions() {}

  /** Describes what a service told of an object, and an event's sequencer, which may be empty. */
  public static SourceVersion of(BucketObject object, String sequencer) {
    return SourceVersion.newBuilder()
        .setEtag(object.etag())
        .setModifiedAtNs(nanos(object.modifiedAt()))
        .setSize(Math.max(0, object.size()))
        .setSequencer(sequencer)
        .build();
  }

  private static long nanos(Instant time) {
    return TimeUnit.SECONDS.toNanos(time.getEpochSecond()) + time.getNano();
  }
}
