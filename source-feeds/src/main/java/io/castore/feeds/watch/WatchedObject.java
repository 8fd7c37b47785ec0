package io.castore.feeds.watch;

import io.castore.content.objectstore.BucketObject;
import io.castore.content.objectstore.S3Buckets;
import io.castore.feeds.KnownSources;
import io.castore.feeds.Sequencers;
import io.castore.feeds.SourceFault;
import io.castore.feeds.notification.ObjectEvent;
import io.castore.feeds.s3.S3Location;
import io.castore.feeds.s3.S3ObjectSource;
import io.castore.ingest.Source;
import io.castore.proto.pipeline.SourceVersion;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An object of which an event said that it was written. What is read is what the object is now.
 *
 * <p>An event that is no newer than what is known, by its sequencer, was repeated or came late; or
 * the service's machines disagree about the time, from which some make their sequencers. So the
 * object is looked at then, and read only if it is not what is known; without a sequencer, so that
 * the time of reading decides which version is the newest.
 */
final class WatchedObject implements WatchedSource {
  private final S3Buckets service;
  private final ObjectEvent event;
  private final S3Location location;
  private String sequencer;
  private @Nullable S3ObjectSource source;

  WatchedObject(S3Buckets service, ObjectEvent event) {
    this.service = service;
    this.event = event;
    this.location = new S3Location(event.bucket(), event.key());
    this.sequencer = event.sequencer();
  }

  @Override
  public String name() {
    return location.uri();
  }

  @Override
  public boolean isDone(KnownSources known) throws IOException {
    Optional<KnownSources.Known> there = known.find(name());
    if (there.isEmpty()) {
      return false;
    }
    SourceVersion version = there.get().version();
    if (!there.get().dropped()
        && !event.etag().isEmpty()
        && event.etag().equals(version.getEtag())) {
      return true;
    }
    if (isNewer(version)) {
      return false;
    }
    Optional<BucketObject> now = service.stat(location.bucket(), location.key());
    if (now.isEmpty() || now.get().etag().equals(version.getEtag())) {
      return true;
    }
    sequencer = "";
    return false;
  }

  private boolean isNewer(SourceVersion version) {
    return event.sequencer().isEmpty()
        || version.getSequencer().isEmpty()
        || Sequencers.compare(event.sequencer(), version.getSequencer()) > 0;
  }

  @Override
  public Source source() {
    S3ObjectSource made = new S3ObjectSource(service, location, sequencer);
    source = made;
    return made;
  }

  @Override
  public SourceFault fault() {
    return source == null ? SourceFault.TEMPORARY : source.fault();
  }
}
