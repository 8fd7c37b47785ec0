package io.castore.endtoend.faults;

import java.util.ArrayList;
import java.util.List;

/**
 * What is found out about a round, piece by piece.
 *
 * <p>Not thread-safe.
 */
final class Verdict {
  private static final int MOST_TOLD = 10;

  private final List<String> faults = new ArrayList<>();
  private long objects;
  private long lost;
  private long falseComplete;
  private long hung;

  void checked(long moreObjects) {
    objects += moreObjects;
  }

  void lost(String object) {
    lost++;
    fault("lost: " + object);
  }

  void falseComplete(String upload) {
    falseComplete++;
    fault("false COMPLETE: " + upload);
  }

  void hung(String upload) {
    hung++;
    fault("hung: " + upload);
  }

  /** Notes whatever else is wrong. */
  void fault(String what) {
    faults.add(what);
  }

  boolean isGood() {
    return faults.isEmpty();
  }

  long objects() {
    return objects;
  }

  long lost() {
    return lost;
  }

  long falseComplete() {
    return falseComplete;
  }

  long hung() {
    return hung;
  }

  /** Tells the first faults. */
  String summary() {
    String told = String.join("; ", faults.subList(0, Math.min(MOST_TOLD, faults.size())));
    return faults.size() > MOST_TOLD ? told + "; and %d more".formatted(faults.size()) : told;
  }

  /** Tells all faults, one a line. */
  String all() {
    return String.join("\n", faults);
  }
}
