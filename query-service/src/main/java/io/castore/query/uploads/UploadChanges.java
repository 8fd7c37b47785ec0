package io.castore.query.uploads;

import io.castore.pipeline.records.UploadId;
import io.castore.proto.pipeline.UploadStatus;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Tells all who follow uploads what becomes of them.
 *
 * <p>Safe for use by many threads.
 */
final class UploadChanges {
  /** One that follows. Both calls must return at once and throw nothing. */
  interface Follower extends StatusListener {
    /** Learns that nothing more will be told. */
    void ended();
  }

  private final Set<Follower> followers = ConcurrentHashMap.newKeySet();
  private boolean ended;

  /**
   * Lets one more follow: what changes after this call is told to it.
   *
   * @param most that may follow at a time
   * @return false where there are so many already, or nothing more is told
   */
  synchronized boolean add(Follower follower, int most) {
    return !ended && followers.size() < most && followers.add(follower);
  }

  /** Tells one no more; nothing happens where it does not follow. */
  void remove(Follower follower) {
    followers.remove(follower);
  }

  void tell(UploadId id, UploadStatus status) {
    followers.forEach(follower -> follower.changed(id, status));
  }

  /** Ends it for all; nobody can follow any more. */
  synchronized void end() {
    ended = true;
    followers.forEach(Follower::ended);
    followers.clear();
  }
}
