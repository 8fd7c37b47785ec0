package io.castore.gc.simulation;

import com.google.protobuf.InvalidProtocolBufferException;
import io.castore.content.digest.Digest;
import io.castore.pipeline.records.Drops;
import io.castore.pipeline.records.UploadId;
import io.castore.pipeline.records.UploadStates;
import io.castore.proto.pipeline.RootRule;
import io.castore.proto.pipeline.UploadStatus;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What everybody has been told: how uploads ended, and which blobs are pinned or dropped. */
final class Outcomes {
  private final SimulatedTopic statuses;
  private final SimulatedTopic roots;
  private final Set<UploadId> ended = new HashSet<>();
  private final Set<UploadId> complete = new HashSet<>();
  private final Map<UploadId, Digest> sealed = new HashMap<>();
  private final Map<Digest, RootRule> rules = new HashMap<>();
  private final Map<Digest, RootRule.Drop> drops = new HashMap<>();
  private final Map<Digest, Long> toldCompleteAt = new HashMap<>();
  private final Map<Digest, Long> completedAt = new HashMap<>();
  private long statusesRead;
  private long rootsRead;

  Outcomes(SimulatedTopic statuses, SimulatedTopic roots) {
    this.statuses = statuses;
    this.roots = roots;
  }

  /** Reads on to the end. */
  void read() {
    try {
      for (; statusesRead < statuses.end(); statusesRead++) {
        SimulatedTopic.Entry entry = statuses.at(statusesRead);
        UploadId id = UploadId.of(Objects.requireNonNull(entry.key()));
        UploadStatus status = UploadStatus.parseFrom(entry.value());
        if (status.getState() == UploadStatus.State.SEALED) {
          sealed.put(id, Digest.of(status.getBlobDigest().toByteArray()));
        }
        boolean isNew = UploadStates.isFinal(status.getState()) && ended.add(id);
        if (status.getState() == UploadStatus.State.COMPLETE) {
          Digest blob = Digest.of(status.getBlobDigest().toByteArray());
          if (complete.add(id)) {
            toldCompleteAt.put(blob, statusesRead);
          }
          if (isNew) {
            completedAt.put(blob, statusesRead);
          }
        }
      }
      for (; rootsRead < roots.end(); rootsRead++) {
        SimulatedTopic.Entry entry = roots.at(rootsRead);
        rule(
            Digest.of(Objects.requireNonNull(entry.key())),
            entry.value() == null ? null : RootRule.parseFrom(entry.value()));
      }
    } catch (InvalidProtocolBufferException impossible) {
      throw new UncheckedIOException(impossible);
    }
  }

  /** Until a pin has succeeded, the drop before it still counts. */
  private void rule(Digest blob, @Nullable RootRule rule) {
    if (rule == null) {
      rules.remove(blob);
      drops.remove(blob);
    } else {
      RootRule latest = Drops.latest(rules.get(blob), rule);
      rules.put(blob, latest);
      if (latest.hasDrop()) {
        drops.put(blob, latest.getDrop());
      }
    }
  }

  Set<UploadId> ended() {
    return ended;
  }

  boolean isPinned(Digest blob) {
    RootRule rule = rules.get(blob);
    return rule != null && rule.hasPin();
  }

  long droppedAtMs(Digest blob) {
    RootRule.Drop drop = drops.get(blob);
    return drop == null ? Long.MAX_VALUE : drop.getDroppedAtMs();
  }

  /** Blobs of which an upload has been complete since they were dropped, if they were. */
  Set<Digest> roots() {
    return roots(completedAt);
  }

  /**
   * The same, and blobs of uploads that did not end well: one that was published when its indexer
   * died, before anybody was told, may have been aborted afterwards. Its object is like one that
   * another program wrote.
   */
  Set<Digest> possibleRoots() {
    Set<Digest> possible = roots(toldCompleteAt);
    sealed.forEach(
        (id, blob) -> {
          if (!complete.contains(id)) {
            possible.add(blob);
          }
        });
    return possible;
  }

  private Set<Digest> roots(Map<Digest, Long> offsets) {
    Set<Digest> rooted = new HashSet<>();
    offsets.forEach(
        (blob, offset) -> {
          RootRule.Drop drop = drops.get(blob);
          if (drop == null || drop.getStatusEnds(0) <= offset) {
            rooted.add(blob);
          }
        });
    return rooted;
  }
}
