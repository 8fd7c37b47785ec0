package io.castore.feeds.backfill;

import io.castore.content.objectstore.S3Buckets;
import io.castore.feeds.s3.S3Location;
import io.castore.feeds.s3.S3ObjectSource;
import io.castore.feeds.s3.S3Versions;
import java.io.IOException;

/**
 * The objects of a bucket whose keys start with a prefix. Their paths begin after its last slash.
 */
public final class BucketListing implements SourceListing {
  private final S3Buckets service;
  private final S3Location from;

  /**
   * Names them.
   *
   * @param service belongs to the caller, who closes it after all sources were read
   */
  public BucketListing(S3Buckets service, S3Location from) {
    this.service = service;
    this.from = from;
  }

  @Override
  public void list(Visitor visitor) throws IOException, InterruptedException {
    int base = from.key().lastIndexOf('/') + 1;
    service.list(
        from.bucket(),
        from.key(),
        object -> {
          S3Location location = new S3Location(from.bucket(), object.key());
          visitor.found(
              new Candidate(
                  location.uri(),
                  object.key().substring(base),
                  S3Versions.of(object, ""),
                  () -> new S3ObjectSource(service, location, "")));
        });
  }

  @Override
  public String toString() {
    return from.uri();
  }
}
